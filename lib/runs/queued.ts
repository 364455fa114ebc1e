import { and, asc, eq, inArray, type SQL } from "drizzle-orm";
import { database } from "#db/client.ts";
import { queuedMessages } from "#db/schema.ts";
import type { Conversation, Owned, QueuedMessage, User } from "#lib/access.ts";
import type { WaitingMessage } from "#lib/thread.ts";
import { reveal } from "./conceal.ts";

/** The messages that wait on a branch, the next one first. */
export async function listQueued(conversation: Owned<Conversation>, branch: string): Promise<WaitingMessage[]> {
  const rows = await inOrder(eq(queuedMessages.branchId, branch));
  return rows.filter((row) => row.conversationId === conversation.id).map(shownQueued);
}

/** All that wait in these conversations of the person, the next one of each branch first. */
export async function listQueuedOf(
  user: User,
  conversations: string[],
): Promise<{ conversation: string; branch: string; message: WaitingMessage }[]> {
  const mine = and(eq(queuedMessages.userId, user.id), inArray(queuedMessages.conversationId, conversations));
  return (await inOrder(mine)).map((row) => ({
    conversation: row.conversationId,
    branch: row.branchId,
    message: shownQueued(row),
  }));
}

const inOrder = (condition: SQL | undefined) =>
  database()
    .select()
    .from(queuedMessages)
    .where(condition)
    .orderBy(asc(queuedMessages.createdAt), asc(queuedMessages.id));

/** A waiting message as a screen shows it. */
export const shownQueued = ({ id, text, agent, createdAt }: QueuedMessage): WaitingMessage => ({
  id,
  text: reveal(text, id),
  agent,
  createdAt,
});
