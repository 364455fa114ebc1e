import { and, eq, inArray, max } from "drizzle-orm";
import { database } from "#db/client.ts";
import { notOver, runs } from "#db/schema.ts";
import type { User } from "#lib/access.ts";

/** The person's runs that are live in these conversations. */
export async function liveRunsOf(
  user: User,
  conversations: string[],
): Promise<{ id: string; conversation: string; branch: string }[]> {
  return database()
    .select({ id: runs.id, conversation: runs.conversationId, branch: runs.branchId })
    .from(runs)
    .where(and(eq(runs.userId, user.id), inArray(runs.conversationId, conversations), eq(runs.status, "running")));
}

/** The run that was the last to begin in each of these conversations of the person. */
export async function newestRunsOf(user: User, conversations: string[]): Promise<Map<string, string>> {
  const rows = await database()
    // SQLite takes the other columns from the row that has the maximum.
    .select({ id: runs.id, conversation: runs.conversationId, begun: max(runs.createdAt) })
    .from(runs)
    .where(and(eq(runs.userId, user.id), inArray(runs.conversationId, conversations)))
    .groupBy(runs.conversationId);
  return new Map(rows.map(({ conversation, id }) => [conversation, id]));
}

/** Whether an answer is being written on this branch, or waits for the person. */
export async function isLive(branch: string): Promise<boolean> {
  const here = and(eq(runs.branchId, branch), notOver);
  return (await database().select({ id: runs.id }).from(runs).where(here).get()) !== undefined;
}
