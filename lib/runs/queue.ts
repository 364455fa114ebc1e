import { asc, eq } from "drizzle-orm";
import { database } from "#db/client.ts";
import { queuedMessages } from "#db/schema.ts";
import { type Conversation, type Owned, ownConversation, type QueuedMessage, type User } from "#lib/access.ts";
import { answeringAgent } from "#lib/agents/answering.ts";
import { notFound } from "#lib/errors.ts";
import { history } from "#lib/history.ts";
import { limit } from "#lib/limits.ts";
import type { WaitingMessage } from "#lib/thread.ts";
import { beginNext } from "./begin.ts";
import { conceal, reveal } from "./conceal.ts";
import { checkText } from "./text.ts";

/** Messages that a person sends while an answer is being written: kept here, and sent in order when it is done. */

export interface NewMessage {
  /** Names the message; it becomes the id of its run. Sent a second time, it does nothing. */
  operation: string;
  conversation: string;
  branch: string;
  text: string;
  agent?: string;
}

/** Keeps the message. When nothing is live any more by now, it begins at once. */
export async function queueMessage(user: User, message: NewMessage): Promise<WaitingMessage> {
  const text = checkText(message.text);
  await limit("send", user.id);
  const conversation = await ownConversation(user, message.conversation);
  const state = await history().load(conversation.id);
  if (!state?.branches.some(({ id }) => id === message.branch)) throw notFound("branch");
  const row: QueuedMessage = {
    id: message.operation,
    conversationId: conversation.id,
    branchId: message.branch,
    userId: user.id,
    text: conceal(text, message.operation),
    agent: message.agent === undefined ? null : answeringAgent(message.agent),
    createdAt: Date.now(),
  };
  await database().insert(queuedMessages).values(row).onConflictDoNothing();
  await beginNext(message.branch);
  return shown(row);
}

/** Changes the words of a message that still waits. */
export async function editQueued(message: Owned<QueuedMessage>, text: string): Promise<void> {
  await database()
    .update(queuedMessages)
    .set({ text: conceal(checkText(text), message.id) })
    .where(eq(queuedMessages.id, message.id));
}

/** Takes a message back that still waits. */
export async function removeQueued(message: Owned<QueuedMessage>): Promise<void> {
  await database().delete(queuedMessages).where(eq(queuedMessages.id, message.id));
}

/** Lets the waiting messages of a branch go on after an answer that failed or was stopped. */
export async function sendQueued(conversation: Owned<Conversation>, branch: string): Promise<void> {
  const [first] = await listQueued(conversation, branch);
  if (first) await beginNext(branch);
}

/** The messages that wait on a branch, the next one first. */
export async function listQueued(conversation: Owned<Conversation>, branch: string): Promise<WaitingMessage[]> {
  const rows = await database()
    .select()
    .from(queuedMessages)
    .where(eq(queuedMessages.branchId, branch))
    .orderBy(asc(queuedMessages.createdAt), asc(queuedMessages.id));
  return rows.filter((row) => row.conversationId === conversation.id).map(shown);
}

const shown = ({ id, text, agent, createdAt }: QueuedMessage): WaitingMessage => ({
  id,
  text: reveal(text, id),
  agent,
  createdAt,
});
