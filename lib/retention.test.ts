import { beforeAll, expect, test } from "vitest";
import { client, database } from "#db/client.ts";
import { migrate } from "#db/migrate.ts";
import { migrateSessions } from "#db/migrations/sessions.ts";
import { conversations, namespaces, users } from "#db/schema.ts";
import type { User } from "./access.ts";
import { newConversation } from "./conversations.ts";
import { commit, history } from "./history.ts";
import { startingNamespaces } from "./namespaces.ts";
import { sweep } from "./retention.ts";
import { planCreate } from "./sessions/changes.ts";

const day = 24 * 60 * 60_000;
const now = 400 * day;
const user: User = { id: "alice", name: "Alice", email: null, role: "member" };

beforeAll(async () => {
  await migrate(client());
  await migrateSessions(client());
  await database()
    .insert(users)
    .values({ ...user, createdAt: now });
  const kept = startingNamespaces(user.id);
  await database()
    .insert(namespaces)
    .values(kept.map((namespace) => (namespace.type === "orders" ? { ...namespace, retentionDays: 7 } : namespace)));
});

async function conversation(namespace: string, daysAgo: number, more: { deletedAt?: number; pinnedAt?: number } = {}) {
  const at = now - daysAgo * day;
  const row = { ...newConversation(user, namespace, "Hello", at), ...more };
  await commit(row.id, planCreate({ items: [{ role: "user", content: "Hello" }], at }));
  await database().insert(conversations).values(row);
  return row.id;
}

test("the sweep removes what is past its time and keeps everything else; a dry run removes nothing", async () => {
  const gone = [await conversation("orders", 8), await conversation("general", 100, { deletedAt: now - 31 * day })];
  const kept = [
    await conversation("orders", 6),
    await conversation("orders", 100, { pinnedAt: now - 90 * day }),
    await conversation("general", 300),
    await conversation("general", 100, { deletedAt: now - 29 * day }),
  ];
  await database()
    .insert(users)
    .values({ id: "guest", role: "guest", createdAt: now - 31 * day });
  await database()
    .insert(users)
    .values({ id: "fresh", role: "guest", createdAt: now - day });

  const told = { binned: 1, expired: 1, guests: 1, unreachable: 0 };
  expect(await sweep({ now, dryRun: true })).toEqual(told);
  expect(await database().select().from(conversations)).toHaveLength(gone.length + kept.length);

  expect(await sweep({ now })).toEqual(told);
  const left = (await database().select().from(conversations)).map(({ id }) => id);
  expect(left.sort()).toEqual([...kept].sort());
  for (const id of gone) expect(await history().load(id)).toBeUndefined();
  for (const id of kept) expect((await history().load(id))?.branches).toHaveLength(1);
  expect((await database().select().from(users)).map(({ id }) => id).sort()).toEqual(["alice", "fresh"]);
  expect(await sweep({ now })).toEqual({ binned: 0, expired: 0, guests: 0, unreachable: 0 });
});
