import { and, eq, inArray } from "drizzle-orm";
import { database } from "#db/client.ts";
import { runs } from "#db/schema.ts";
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
