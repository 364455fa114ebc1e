import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { InStatement } from "@libsql/client";
import type { User } from "../lib/access.ts";
import { milliseconds, percentile, printTable } from "./parts/table.ts";

/** How long the sidebar's queries take at the server for a person with 100,000 conversations, each with a run. */

const folder = mkdtempSync(join(tmpdir(), "switchboard-bench-sidebar-"));
process.env.DATA_DIR = folder;
process.env.LOG_LEVEL = "silent";

const { client, database } = await import("../db/client.ts");
const { migrate, prepareConnection } = await import("../db/migrate.ts");
const { namespaces, users } = await import("../db/schema.ts");
const { countConversations, listByIds, listConversations, listPinned } = await import("../lib/conversation-rows.ts");
const { startingNamespaces } = await import("../lib/namespaces.ts");
const { sidebarContents } = await import("../lib/sidebar.ts");

const many = Number(process.argv[2] ?? 100_000);
const times = 30;
const begun = Date.UTC(2026, 0, 1);
const me: User = { id: "me", name: "Me", email: null, role: "member" };
const types = startingNamespaces(me.id).map(({ type }) => type);
const idAt = (place: number) => `c${String(place).padStart(8, "0")}`;

await prepareConnection();
await migrate(client());
await database().insert(users).values({ id: me.id, name: me.name, role: me.role });
await database().insert(namespaces).values(startingNamespaces(me.id));

/** One in three is archived, one in five hundred pinned; several share each moment. */
function conversation(place: number): (string | number | null)[] {
  const at = begun + Math.floor(place / 3) * 1000;
  const title = `Conversation ${place} about ${place % 7 === 0 ? "invoices" : "other things"}`;
  return [
    idAt(place),
    me.id,
    types[place % types.length] ?? "",
    title,
    place % 500 === 0 ? at : null,
    place % 3 === 0 ? at : null,
    at,
    at,
    at,
  ];
}

function insertion(from: number, count: number): InStatement[] {
  const rows = Array.from({ length: count }, (_, step) => conversation(from + step));
  const marks = rows.map(() => "(?, ?, ?, ?, 'made', ?, ?, ?, ?, ?)").join(", ");
  return [
    {
      sql: `INSERT INTO conversations (id, user_id, namespace, title, title_from, pinned_at, archived_at, active_at, read_at, created_at) VALUES ${marks}`,
      args: rows.flat(),
    },
    {
      sql: `INSERT INTO runs (id, conversation_id, branch_id, user_id, status, agent, position, created_at, finished_at)
        SELECT 'r' || id, id, id, user_id, 'completed', 'assistant', 1, created_at, created_at FROM conversations WHERE id >= ? AND id < ?`,
      args: [idAt(from), idAt(from + count)],
    },
  ];
}

for (let place = 0; place < many; place += 1000) {
  await client().batch(insertion(place, Math.min(1000, many - place)), "write");
}

const farDown = { activeAt: begun + Math.floor(many / 30) * 1000, id: "c" };
const tries: [string, () => Promise<unknown>][] = [
  ["all that the sidebar shows at first", () => sidebarContents(me)],
  ["how many each namespace has", () => countConversations(me)],
  ["the pinned ones", () => listPinned(me)],
  ["first page of a namespace", () => listConversations(me, { namespace: "general" })],
  ["a page far down", () => listConversations(me, { namespace: "general", before: farDown })],
  ["first page of the archived", () => listConversations(me, { archived: true })],
  ["archived, far down", () => listConversations(me, { archived: true, before: farDown })],
  ["one row that has changed", () => listByIds(me, [idAt(17)])],
];

const rows = [["at the server", "p50", "p95"]];
for (const [name, query] of tries) {
  await query();
  const waits: number[] = [];
  for (let time = 0; time < times; time += 1) {
    const start = performance.now();
    await query();
    waits.push(performance.now() - start);
  }
  rows.push([name, milliseconds(percentile(waits, 0.5)), milliseconds(percentile(waits, 0.95))]);
}
printTable(`sidebar: one person with ${many.toLocaleString("en")} conversations`, rows);

client().close();
rmSync(folder, { recursive: true, force: true });
