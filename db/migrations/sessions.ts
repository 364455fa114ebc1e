import type { Client } from "@libsql/client";
import { DEFAULT_SESSIONS_TABLE, sessionTableNames } from "../sessions.ts";

type Names = ReturnType<typeof sessionTableNames>;

/** What makes version n + 1 out of version n, oldest first. Append only: what was released never changes. */
const VERSIONS: ((names: Names) => string[])[] = [
  (names) => [
    `CREATE TABLE "${names.sessions}" (
      "id" text PRIMARY KEY NOT NULL,
      "current" text NOT NULL,
      "metadata" text NOT NULL,
      "created_at" integer NOT NULL,
      "updated_at" integer NOT NULL
    )`,
    `CREATE INDEX "${names.sessions}_activity" ON "${names.sessions}" ("updated_at")`,
    `CREATE TABLE "${names.branches}" (
      "session" text NOT NULL,
      "id" text NOT NULL,
      "name" text NOT NULL,
      "segment" text NOT NULL,
      "length" integer NOT NULL,
      "agent" text,
      "created_at" integer NOT NULL,
      "updated_at" integer NOT NULL,
      PRIMARY KEY ("session", "id")
    )`,
    `CREATE UNIQUE INDEX "${names.sessions}_branch_names" ON "${names.branches}" ("session", "name")`,
    `CREATE TABLE "${names.segments}" (
      "id" text PRIMARY KEY NOT NULL,
      "session" text NOT NULL,
      "parent" text,
      "fork" integer NOT NULL
    )`,
    `CREATE INDEX "${names.sessions}_segments_of" ON "${names.segments}" ("session")`,
    `CREATE TABLE "${names.items}" (
      "segment" text NOT NULL,
      "position" integer NOT NULL,
      "item" text NOT NULL,
      "agent" text,
      "run" text,
      "created_at" integer NOT NULL,
      PRIMARY KEY ("segment", "position")
    )`,
    `CREATE TABLE "${names.summaries}" (
      "id" text PRIMARY KEY NOT NULL,
      "session" text NOT NULL,
      "segment" text NOT NULL,
      "position" integer NOT NULL,
      "items" text NOT NULL,
      "created_at" integer NOT NULL
    )`,
    `CREATE INDEX "${names.sessions}_summaries_of" ON "${names.summaries}" ("session")`,
    `CREATE TABLE "${names.operations}" (
      "session" text NOT NULL,
      "id" text NOT NULL,
      "digest" text,
      "created_at" integer NOT NULL,
      PRIMARY KEY ("session", "id")
    )`,
  ],
  (names) => [
    `ALTER TABLE "${names.items}" ADD COLUMN "model" text`,
    `ALTER TABLE "${names.items}" ADD COLUMN "usage" text`,
  ],
];

/** The version of the tables that this code reads and writes. */
export const SESSIONS_VERSION = VERSIONS.length;

export class SessionsTooNewError extends Error {
  constructor(table: string, found: number) {
    super(
      `The tables "${table}" are of version ${found}; this program knows up to ${SESSIONS_VERSION}. Nothing was changed. Update the program.`,
    );
    this.name = "SessionsTooNewError";
  }
}

/**
 * Brings the session tables to the version of this code: makes them, migrates older ones, and
 * does nothing where they are up to date. Safe when several processes do it at once.
 *
 * @throws SessionsTooNewError when a newer program has written them; nothing is changed then.
 */
export async function migrateSessions(client: Client, table: string = DEFAULT_SESSIONS_TABLE): Promise<void> {
  const names = sessionTableNames(table);
  for (;;) {
    const found = await readVersion(client, names.version);
    if (found > SESSIONS_VERSION) throw new SessionsTooNewError(table, found);
    const step = VERSIONS[found];
    if (!step) return;
    try {
      await client.batch(
        [
          `CREATE TABLE IF NOT EXISTS "${names.version}" ("version" integer PRIMARY KEY NOT NULL)`,
          // The key makes the second of two processes at the same step fail, and look again.
          `INSERT INTO "${names.version}" ("version") VALUES (${found + 1})`,
          ...step(names),
        ],
        "write",
      );
    } catch (error) {
      if ((await readVersion(client, names.version)) <= found) throw error;
    }
  }
}

async function readVersion(client: Client, table: string): Promise<number> {
  const { rows } = await client.execute({
    sql: "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?",
    args: [table],
  });
  if (rows.length === 0) return 0;
  const result = await client.execute(`SELECT max("version") AS version FROM "${table}"`);
  return Number(result.rows[0]?.version ?? 0);
}
