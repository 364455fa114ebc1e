import { and, eq, sql } from "drizzle-orm";
import { database } from "#db/client.ts";
import { agents, audit, conversations, namespaces, queuedMessages, runs, users } from "#db/schema.ts";
import type { User } from "./access.ts";

/**
 * The statements that move all that a guest has to an account and remove the guest, for one batch.
 * A namespace that both have becomes the account's; an agent whose name is taken gets a longer one.
 * Done twice, the second time finds nothing.
 */
export function mergeGuest(guest: User, account: string) {
  const mine = sql`select 1 from ${agents} as mine where mine.user_id = ${account} and mine.name = ${agents.name}`;
  return [
    database().run(sql`
      insert or ignore into ${namespaces} (user_id, type, label, color, default_agent, retention_days, created_at)
      select ${account}, type, label, color, default_agent, retention_days, created_at
      from ${namespaces} where user_id = ${guest.id}`),
    database().update(conversations).set({ userId: account }).where(eq(conversations.userId, guest.id)),
    database().update(runs).set({ userId: account }).where(eq(runs.userId, guest.id)),
    database().update(queuedMessages).set({ userId: account }).where(eq(queuedMessages.userId, guest.id)),
    database().run(sql`update search_owners set user_id = ${account} where user_id = ${guest.id}`),
    database()
      .update(agents)
      .set({
        userId: account,
        name: sql`case when exists (${mine}) then ${agents.name} || ' ' || ${agents.id} else ${agents.name} end`,
      })
      .where(eq(agents.userId, guest.id)),
    database().update(audit).set({ userId: account }).where(eq(audit.userId, guest.id)),
    database()
      .delete(users)
      .where(and(eq(users.id, guest.id), eq(users.role, "guest"))),
  ];
}
