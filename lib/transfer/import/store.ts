import { setImmediate } from "node:timers/promises";
import type { InStatement } from "@libsql/client";
import { eq } from "drizzle-orm";
import { database } from "#db/client.ts";
import { conversations } from "#db/schema.ts";
import { AppError } from "#lib/errors.ts";
import { commit, history } from "#lib/history.ts";
import { backfillSearch } from "#lib/search/backfill.ts";
import type { Change, StoredItem } from "#lib/sessions/store.ts";

/** A write holds up everybody else: this many bytes and items take well under a second. */
const mostBytes = 4_000_000;
const mostItems = 1000;

// Actions and route handlers live in separate bundles of one process: they share through globalThis.
const shared = globalThis as typeof globalThis & { switchboardStoring?: Set<string> };

/**
 * Stores a new conversation with `also`, which makes its row. A large one is stored in parts before
 * anybody can see it: its row comes last, and its words go into the search index after that. False
 * when it is there already.
 */
export async function store(id: string, change: Change, also: InStatement[]): Promise<boolean> {
  const parts = inParts(change.items ?? []);
  if (parts.length <= 1) return attempt(() => commit(id, change, also));
  shared.switchboardStoring ??= new Set();
  if (shared.switchboardStoring.has(id)) return false;
  shared.switchboardStoring.add(id);
  try {
    return await storeInParts(id, change, parts, also);
  } finally {
    shared.switchboardStoring.delete(id);
  }
}

async function storeInParts(id: string, change: Change, parts: StoredItem[][], also: InStatement[]): Promise<boolean> {
  const row = await database()
    .select({ id: conversations.id })
    .from(conversations)
    .where(eq(conversations.id, id))
    .get();
  if (row) return false;
  // What an import left behind that ended in the middle.
  await history().remove(id);
  let first = true;
  for (const items of parts) {
    const { status } = await history().commit(id, first ? { ...change, items } : { items, at: change.at });
    if (status === "conflict") return false;
    first = false;
    await setImmediate();
  }
  const indexLater = { sql: "INSERT OR IGNORE INTO search_pending VALUES (?, 'all')", args: [id] };
  const done = await attempt(() => commit(id, { at: change.at }, [...also, indexLater]));
  if (done) await indexNow();
  return done;
}

/** The index pauses without keeping the process alive; in a shell nothing else does. */
async function indexNow(): Promise<void> {
  const alive = setInterval(() => {}, 1000);
  try {
    await backfillSearch();
  } finally {
    clearInterval(alive);
  }
}

async function attempt(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === "conflict") return false;
    throw error;
  }
}

function inParts(items: readonly StoredItem[]): StoredItem[][] {
  const parts: StoredItem[][] = [];
  let bytes = 0;
  for (const stored of items) {
    const size = JSON.stringify(stored.item).length;
    const last = parts.at(-1);
    if (last && last.length < mostItems && bytes + size <= mostBytes) {
      last.push(stored);
      bytes += size;
    } else {
      parts.push([stored]);
      bytes = size;
    }
  }
  return parts;
}
