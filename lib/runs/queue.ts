import { and, eq } from "drizzle-orm";
import { client, database } from "#db/client.ts";
import { queuedMessages } from "#db/schema.ts";
import {
  type Conversation,
  type Owned,
  ownConversation,
  ownQueuedMessage,
  ownRun,
  type QueuedMessage,
  type User,
} from "#lib/access.ts";
import { answeringAgent } from "#lib/agents/answering.ts";
import { AppError, notFound } from "#lib/errors.ts";
import { history } from "#lib/history.ts";
import { announce } from "#lib/inbox.ts";
import { limit } from "#lib/limits.ts";
import type { WaitingMessage } from "#lib/thread.ts";
import { beginNext } from "./begin.ts";
import { conceal, reveal } from "./conceal.ts";
import { listQueued, shownQueued } from "./queued.ts";
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
  if (!(await keep(row))) await refuseTaken(user, row);
  announce(user.id, conversation.id);
  await beginNext(message.branch);
  return shownQueued(row);
}

/** False when there is such a message, or has been: the one that is sent again may have begun already. */
async function keep(row: QueuedMessage): Promise<boolean> {
  const { id, conversationId, branchId, userId, text, agent, createdAt } = row;
  const { rowsAffected } = await client().execute({
    sql: `INSERT OR IGNORE INTO queued_messages (id, conversation_id, branch_id, user_id, text, agent, created_at)
          SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE NOT EXISTS (SELECT 1 FROM runs WHERE id = ?1)`,
    args: [id, conversationId, branchId, userId, text, agent, createdAt],
  });
  return rowsAffected > 0;
}

/** Throws unless the message with this id is the same person's. */
async function refuseTaken(user: User, { id }: QueuedMessage): Promise<void> {
  const mine = await ownQueuedMessage(user, id).catch(() => ownRun(user, id).catch(() => undefined));
  if (!mine) throw new AppError("conflict", "This operation's id is taken. Send it with a new id.");
}

/**
 * Changes the words of a message that still waits. `was`: the words that the new ones replace, as
 * the person has seen them; when they are others by now, nothing is changed.
 */
export async function editQueued(message: Owned<QueuedMessage>, text: string, was?: string): Promise<WaitingMessage> {
  const words = checkText(text);
  if (was !== undefined && reveal(message.text, message.id) !== was) throw changedElsewhere();
  const [row] = await database()
    .update(queuedMessages)
    .set({ text: conceal(words, message.id) })
    .where(and(eq(queuedMessages.id, message.id), eq(queuedMessages.text, message.text)))
    .returning();
  if (!row) throw (await isWaiting(message)) ? changedElsewhere() : begun();
  announce(message.userId, message.conversationId);
  return shownQueued(row);
}

/** Takes a message back that still waits. */
export async function removeQueued(message: Owned<QueuedMessage>): Promise<void> {
  const removed = await database().delete(queuedMessages).where(eq(queuedMessages.id, message.id)).returning();
  if (removed.length === 0) throw begun();
  announce(message.userId, message.conversationId);
}

const isWaiting = async ({ id }: QueuedMessage): Promise<boolean> =>
  (await database().select().from(queuedMessages).where(eq(queuedMessages.id, id)).get()) !== undefined;

const begun = () => new AppError("conflict", "This message has just been sent as it was.");

const changedElsewhere = () =>
  new AppError("conflict", "This message was changed in another tab or on another device. Save again to replace that.");

/** Lets the waiting messages of a branch go on after an answer that failed or was stopped. */
export async function sendQueued(conversation: Owned<Conversation>, branch: string): Promise<void> {
  const [first] = await listQueued(conversation, branch);
  if (first) await beginNext(branch);
}
