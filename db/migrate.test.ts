import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@libsql/client";
import { expect, test } from "vitest";
import { migrate } from "./migrate.ts";
import { migrations } from "./migrations/embedded.ts";

test("processes that start at once bring a new database to this version together", async () => {
  const folder = mkdtempSync(join(tmpdir(), "switchboard-migrate-"));
  const clients = Array.from({ length: 4 }, () =>
    createClient({ url: `file:${join(folder, "new.db")}`, concurrency: 1, timeout: 5000 }),
  );
  await Promise.all(clients.map((client) => migrate(client)));
  const [first] = clients;
  const applied = await first?.execute("SELECT tag FROM application_migrations ORDER BY tag");
  expect(applied?.rows.map(({ tag }) => tag)).toEqual(migrations.map(({ tag }) => tag));
  for (const client of clients) client.close();
  rmSync(folder, { recursive: true });
});

test("events that an older version has written are kept", async () => {
  const client = createClient({ url: "file::memory:" });
  const older = migrations.slice(
    0,
    migrations.findIndex(({ tag }) => tag === "0008_event_log_in_order"),
  );
  await client.execute("CREATE TABLE application_migrations (tag TEXT PRIMARY KEY, applied_at INTEGER NOT NULL)");
  for (const { tag, statements } of older) {
    await client.batch([{ sql: "INSERT INTO application_migrations VALUES (?, 0)", args: [tag] }, ...statements]);
  }
  const events = { run: "run", first: 1, chunks: "[{}]", created_at: 5 };
  await client.execute({ sql: "INSERT INTO run_events VALUES (:run, :first, :chunks, :created_at)", args: events });
  await migrate(client);
  expect((await client.execute("SELECT * FROM run_events")).rows).toEqual([events]);
  client.close();
});
