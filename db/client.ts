import { mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Client } from "@libsql/client";
import { drizzle, type LibSQLDatabase } from "drizzle-orm/libsql";
import { env } from "#env.ts";
import { busyTimeout, makePatient } from "./patient.ts";
import { openFile } from "./prepared.ts";
import { connectServer, openServer } from "./remote.ts";
import * as schema from "./schema.ts";

export type Database = LibSQLDatabase<typeof schema>;

interface Connected {
  client: Client;
  database: Database;
  urgent: Database;
}

// Actions and route handlers live in separate bundles of one process: they share through globalThis.
const shared = globalThis as typeof globalThis & { switchboardDatabase?: Connected };

export function databaseUrl(): string {
  return env.DATABASE_URL ?? `file:${resolve(join(env.DATA_DIR, "switchboard.db"))}`;
}

/** The path of the database's file; undefined where a server keeps it. */
export function databaseFile(): string | undefined {
  const url = databaseUrl();
  return url.startsWith("file:") ? url.slice("file:".length) : undefined;
}

function connect(): Connected {
  const url = databaseUrl();
  const file = databaseFile();
  if (file !== undefined) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const client = makePatient(openFile({ url, concurrency: 1, timeout: busyTimeout }));
    const database = drizzle(client, { schema });
    return { client, database, urgent: database };
  }
  const server = { url, authToken: env.DATABASE_AUTH_TOKEN };
  const client = openServer(server);
  return { client, database: drizzle(client, { schema }), urgent: drizzle(connectServer(server), { schema }) };
}

function connected(): Connected {
  shared.switchboardDatabase ??= connect();
  return shared.switchboardDatabase;
}

export const client = (): Client => connected().client;
export const database = (): Database => connected().database;
/** For the seldom and small writes that must not wait behind others, however many there are. */
export const urgentDatabase = (): Database => connected().urgent;

/** A query with placeholders that is built when it is first wanted, and once: building one costs more than running it. */
export function prepared<Query>(build: () => Query): () => Query {
  let built: Query | undefined;
  return () => {
    built ??= build();
    return built;
  };
}
