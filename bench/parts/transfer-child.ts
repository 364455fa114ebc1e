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

const megabytes = () => Math.round(process.memoryUsage.rss() / 1_000_000);
const idle = megabytes();
let peak = idle;
const watch = setInterval(() => {
  peak = Math.max(peak, megabytes());
}, 20);

const began = performance.now();
const result = step === "look" || step === "import" ? await bringIn(step === "look") : await takeOut();
clearInterval(watch);
console.log(JSON.stringify({ seconds: (performance.now() - began) / 1000, idle, peak, result }));

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
