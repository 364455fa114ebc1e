import { desc, eq, sql } from "drizzle-orm";
import { ulid } from "ulid";
import { database } from "#db/client.ts";
import { audit, users } from "#db/schema.ts";
import type { Owned, User } from "./access.ts";

export interface AuditEntry {
  userId: string | null;
  /** A noun and a verb: "conversation.rename". */
  action: string;
  target?: string | null;
  details?: Record<string, unknown>;
}

/** Writes down that somebody did something. */
export async function record(entry: AuditEntry): Promise<void> {
  await database()
    .insert(audit)
    .values({ id: ulid(), ...entry });
}

/** What was done on this instance, newest first; `before` is the last id of the page before. For its owner. */
export async function listEntries(
  _owner: Owned<User>,
  { before, limit = 50 }: { before?: string; limit?: number } = {},
) {
  const rows = await database()
    .select({
      id: audit.id,
      action: audit.action,
      target: audit.target,
      userId: audit.userId,
      createdAt: audit.createdAt,
      name: users.name,
      email: users.email,
      role: users.role,
    })
    .from(audit)
    .leftJoin(users, eq(users.id, audit.userId))
    .where(before === undefined ? undefined : sql`${audit.id} < ${before}`)
    .orderBy(desc(audit.id))
    .limit(limit + 1);
  return { entries: rows.slice(0, limit), next: rows.length > limit ? rows[limit - 1]?.id : undefined };
}
