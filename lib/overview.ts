import { count, desc, isNull, ne, sql } from "drizzle-orm";
import { database } from "#db/client.ts";
import { conversations, runs, users } from "#db/schema.ts";
import type { Owned, User } from "./access.ts";
import type { Cursor } from "./conversation-rows.ts";

/** What the owner of an instance sees of it. Nobody's words are among it. */

const day = 86_400_000;

export interface Figures {
  accounts: number;
  guests: number;
  conversations: number;
  runsToday: number;
  failedToday: number;
  databaseBytes: number;
}

export async function figures(_owner: Owned<User>, now: number): Promise<Figures> {
  const [people, kept, today, size] = await Promise.all([
    database()
      .select({ accounts: count(sql`case when ${users.role} != 'guest' then 1 end`), all: count() })
      .from(users)
      .get(),
    database().select({ count: count() }).from(conversations).where(isNull(conversations.deletedAt)).get(),
    database()
      .select({ count: count(), failed: count(sql`case when ${runs.status} in ('failed', 'interrupted') then 1 end`) })
      .from(runs)
      .where(sql`${runs.createdAt} > ${now - day}`)
      .get(),
    database().get<{ bytes: number }>(
      sql`select page_count * page_size as bytes from pragma_page_count(), pragma_page_size()`,
    ),
  ]);
  return {
    accounts: people?.accounts ?? 0,
    guests: (people?.all ?? 0) - (people?.accounts ?? 0),
    conversations: kept?.count ?? 0,
    runsToday: today?.count ?? 0,
    failedToday: today?.failed ?? 0,
    databaseBytes: size?.bytes ?? 0,
  };
}

/** The accounts of this instance without the guests, the newest first. */
export async function listAccounts(
  _owner: Owned<User>,
  { before, limit = 50 }: { before?: Cursor; limit?: number } = {},
) {
  const rows = await database()
    .select({
      id: users.id,
      name: users.name,
      email: users.email,
      role: users.role,
      createdAt: users.createdAt,
      conversations: sql<number>`(select count(*) from conversations where conversations.user_id = users.id and deleted_at is null)`,
    })
    .from(users)
    .where(
      sql`${ne(users.role, "guest")} and ${before ? sql`(${users.createdAt}, ${users.id}) < (${before.activeAt}, ${before.id})` : sql`true`}`,
    )
    .orderBy(desc(users.createdAt), desc(users.id))
    .limit(limit + 1);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return { accounts: rows.slice(0, limit), next: last ? { activeAt: last.createdAt, id: last.id } : undefined };
}
