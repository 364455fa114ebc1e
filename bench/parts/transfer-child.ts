import { monitorEventLoopDelay } from "node:perf_hooks";
import { client, database } from "../../db/client.ts";
import { migrate, prepareConnection } from "../../db/migrate.ts";
import { migrateSessions } from "../../db/migrations/sessions.ts";
import { namespaces, users } from "../../db/schema.ts";
import type { User } from "../../lib/access.ts";
import { startingNamespaces } from "../../lib/namespaces.ts";
import { archive } from "../../lib/transfer/archive.ts";
import { importFile } from "../../lib/transfer/import/import.ts";

/** One step of `bench/transfer.ts`, in a process of its own: its memory is nobody else's. */

const [step = "", file = ""] = process.argv.slice(2);
const ana: User = { id: "ana", name: "Ana", email: null, role: "member" };

await prepareConnection();
await migrate(client());
await migrateSessions(client());
await database().insert(users).values({ id: ana.id, name: ana.name, role: ana.role }).onConflictDoNothing();
await database().insert(namespaces).values(startingNamespaces(ana.id)).onConflictDoNothing();

const idle = process.memoryUsage.rss() / 1_000_000;
let peak = idle;
const watch = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss() / 1_000_000);
}, 20);
const loop = monitorEventLoopDelay({ resolution: 5 });
loop.enable();

const began = performance.now();
const result = await perform();
const seconds = (performance.now() - began) / 1000;
loop.disable();
clearInterval(watch);
// The timer waits for ticks of its own: only what is over them is delay.
const [delay, longest] = [loop.percentile(99), loop.max].map((found) => Math.max(0, found / 1e6 - 5));
console.log(JSON.stringify({ seconds, idle, peak, delay, longest, result }));

function perform(): Promise<string> {
  if (step === "double") return double();
  return step === "export" ? takeOut() : bringIn(step === "look");
}

async function bringIn(dryRun: boolean): Promise<string> {
  const counts = new Map<string, number>();
  const wish = { user: ana, path: file, name: "file", namespace: "general", namespaces: [], dryRun, now: Date.now() };
  for await (const { status } of importFile(wish)) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts].map(([status, count]) => `${count} ${status}`).join(", ");
}

async function takeOut(): Promise<string> {
  let bytes = 0;
  const body = archive(ana, { format: "json", now: Date.now() });
  for await (const chunk of body) bytes += chunk.length;
  return `${Math.round(bytes / 1_000_000)} MB`;
}

/** Has everything twice: what goes out is twice as large as what came in. */
async function double(): Promise<string> {
  const suffix = Date.now();
  const names: Record<string, string[]> = {
    sessions_items: ["segment"],
    sessions_segments: ["id", "session", "parent"],
    sessions_branches: ["session", "id", "segment"],
    sessions: ["id", "current"],
    conversations: ["id"],
  };
  for (const [table, renamed] of Object.entries(names)) {
    const { rows } = await client().execute(`SELECT name FROM pragma_table_info('${table}')`);
    const columns = rows.map(({ name }) => String(name));
    const copied = columns.map((name) => (renamed.includes(name) ? `"${name}" || '-${suffix}'` : `"${name}"`));
    const listed = columns.map((name) => `"${name}"`).join(", ");
    await client().execute(`INSERT INTO "${table}" (${listed}) SELECT ${copied.join(", ")} FROM "${table}"`);
  }
  const found = await client().execute("SELECT count(*) AS count FROM conversations");
  return `${found.rows[0]?.count} conversations`;
}
