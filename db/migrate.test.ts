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
