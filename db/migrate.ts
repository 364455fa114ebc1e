import { chmodSync } from "node:fs";
import type { Client } from "@libsql/client";
import { client, databaseFile } from "./client.ts";
import { migrations } from "./migrations/embedded.ts";
import { connectionSettings } from "./patient.ts";

/** Thrown for a database that a newer version of the product has written. */
export class NewerDatabaseError extends Error {
  override name = "NewerDatabaseError";
}

/**
 * Brings the application's tables to this version, each step in one atomic batch. A database
 * from a newer version is refused before anything is written.
 */
export async function migrate(target: Client): Promise<void> {
  const applied = await appliedTags(target);
  const known = migrations.map(({ tag }) => tag);
  const newer = applied.find((tag) => !known.includes(tag));
  if (newer) {
    throw new NewerDatabaseError(
      `The database was written by a newer version of Switchboard (it has "${newer}"). Start that version, or restore a backup made by this one. Nothing was changed.`,
    );
  }
  for (const { tag, statements } of migrations) {
    if (applied.includes(tag)) continue;
    const step = [
      "CREATE TABLE IF NOT EXISTS application_migrations (tag TEXT PRIMARY KEY, applied_at INTEGER NOT NULL)",
      { sql: "INSERT INTO application_migrations VALUES (?, ?)", args: [tag, Date.now()] },
      ...statements,
    ];
    try {
      await target.batch(step, "write");
    } catch (error) {
      // Another process that starts at the same time was faster with this one.
      if (!(await appliedTags(target)).includes(tag)) throw error;
    }
  }
}

async function appliedTags(target: Client): Promise<string[]> {
  const found = await target.execute("SELECT 1 FROM sqlite_master WHERE name = 'application_migrations'");
  if (found.rows.length === 0) return [];
  const tags = await target.execute("SELECT tag FROM application_migrations ORDER BY tag");
  return tags.rows.map((row) => String(row.tag));
}

/** Sets what a connection to a file needs; a server keeps its own settings and refuses these. */
export async function prepareConnection(): Promise<void> {
  const file = databaseFile();
  if (file === undefined) return;
  await client().execute("PRAGMA journal_mode = WAL");
  for (const setting of connectionSettings) await client().execute(setting);
  chmodSync(file, 0o600);
}
