import { beforeAll, expect, test, vi } from "vitest";
import { client, database } from "#db/client.ts";
import { migrate } from "#db/migrate.ts";
import { migrateSessions } from "#db/migrations/sessions.ts";
import { users } from "#db/schema.ts";
import type { User } from "#lib/access.ts";
import { insertConversation, newConversation } from "#lib/conversations.ts";
import { commit } from "#lib/history.ts";
import { search } from "#lib/search.ts";
import { planCreate } from "#lib/sessions/changes.ts";
import { takeInArrivals } from "./arrivals.ts";
import { backfillSearch } from "./backfill.ts";
import { indexTitle } from "./documents.ts";

vi.hoisted(() => {
  process.env.SESSION_ENCRYPTION_KEYS = `one:${Buffer.alloc(32, 1).toString("base64")}`;
});

const alice: User = { id: "alice", name: "Alice", email: null, role: "member" };

beforeAll(async () => {
  await migrate(client());
  await migrateSessions(client());
  await database().insert(users).values({ id: alice.id, name: alice.name, role: alice.role });
  await client().execute("CREATE VIRTUAL TABLE vocabulary USING fts5vocab('search_index', 'row')");
});

async function begin(title: string, text: string): Promise<string> {
  const row = newConversation(alice, "general", title, Date.now());
  await commit(row.id, planCreate({ items: [{ role: "user", content: text }], at: Date.now() }), [
    insertConversation(row),
    indexTitle(row.id, row.title),
  ]);
  return row.id;
}

async function indexed(): Promise<string> {
  await takeInArrivals();
  const { rows } = await client().execute("SELECT group_concat(term, ' ') AS terms FROM vocabulary");
  return String(rows[0]?.terms);
}

test("with encrypted histories the index has titles only, and the results say so", async () => {
  await begin("A plan", "the password is swordfish");
  expect(await indexed()).toContain("plan");
  expect(await indexed()).not.toContain("swordfish");
  expect(await search(alice, "swordfish")).toMatchObject({ hits: [], titlesOnly: true });
  expect((await search(alice, "plan")).hits).toMatchObject([{ messages: [], more: 0 }]);
  expect((await search(alice, "namespace:nowhere is:archived plan")).hits).toEqual([]);
});

test("what was indexed before encryption was turned on is taken out when the server starts", async () => {
  const id = await begin("An older plan", "of no interest");
  await client().batch(
    [
      "DELETE FROM search_layout",
      "INSERT INTO search_layout VALUES ('1:messages')",
      { sql: "INSERT INTO search_writes VALUES (?, 'segment', 0, 0, ' wswordfish mall')", args: [id] },
    ],
    "write",
  );
  expect(await indexed()).toContain("swordfish");
  await backfillSearch();
  expect(await indexed()).not.toContain("swordfish");
  expect((await search(alice, "older")).hits).toHaveLength(1);
  expect(await search(alice, "plan")).toMatchObject({ hits: [{}, {}], catchingUp: false });
});
