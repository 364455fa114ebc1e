import { planSweep } from "./changes.ts";
import { SessionError } from "./errors.ts";
import { openSQLite, type SQLitePlace } from "./places.ts";
import type { SessionStore } from "./store.ts";

export interface CleanupOptions extends SQLitePlace {
  /** Remove sessions without a write for this many days. Absent: none, only what no branch reaches. */
  inactiveDays?: number;
  /** True to say what would be removed and remove nothing. */
  dryRun?: boolean;
  /** Only sessions whose ids begin so, for example `alice:`. */
  prefix?: string;
  /** The store to clean, instead of a place. */
  store?: SessionStore;
  /** The present, in milliseconds since 1970. */
  now?: number;
}

export interface Cleanup {
  /** Ids of the sessions that were removed, or would be. */
  removed: string[];
  /** Ids of the sessions of which rows that no branch reaches were removed, or would be. */
  swept: string[];
  dryRun: boolean;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Removes what is old, and rows that deleted branches left behind. */
export async function cleanup(options: CleanupOptions): Promise<Cleanup> {
  const { inactiveDays, dryRun = false, prefix, store, now = Date.now(), ...place } = options;
  if (inactiveDays !== undefined && !(inactiveDays >= 0)) {
    throw new SessionError("option_invalid", `inactiveDays is ${inactiveDays}. Give a number of days from 0.`);
  }
  if (!store && !place.path && !place.url && !place.client) {
    throw new SessionError("option_invalid", "Say what to clean: give path, url, client or store.");
  }
  const opened = store ? { store, release: async () => {} } : openSQLite(place);
  try {
    const inactiveBefore = inactiveDays === undefined ? undefined : now - inactiveDays * DAY_MS;
    const removed = inactiveBefore === undefined ? [] : await idsOf(opened.store, { inactiveBefore, prefix });
    const gone = new Set(removed);
    const swept: string[] = [];
    for (const id of await idsOf(opened.store, { prefix })) {
      if (gone.has(id)) continue;
      if (await sweep(opened.store, id, dryRun)) swept.push(id);
    }
    if (dryRun || inactiveBefore === undefined) return { removed, swept, dryRun };
    return { removed: await removeInactive(opened.store, removed, inactiveBefore), swept, dryRun };
  } finally {
    await opened.release();
  }
}

/** Looks again just before: a session that woke up in the meantime stays. */
async function removeInactive(store: SessionStore, ids: readonly string[], inactiveBefore: number): Promise<string[]> {
  const removed: string[] = [];
  for (const id of ids) {
    const state = await store.load(id);
    if (state && state.updatedAt < inactiveBefore && (await store.remove(id))) removed.push(id);
  }
  return removed;
}

async function sweep(store: SessionStore, id: string, dryRun: boolean): Promise<boolean> {
  const state = await store.load(id);
  const change = state && planSweep(state);
  if (!change) return false;
  const rows = await store.read(id, change.removeItems ?? []);
  const found = rows.length + (change.removeSegments?.length ?? 0) + (change.removeSummaries?.length ?? 0) > 0;
  // A conflict means that somebody is at work there: the next sweep finds it again.
  return found && (dryRun || (await store.commit(id, change)).status === "done");
}

async function idsOf(store: SessionStore, options: { inactiveBefore?: number; prefix?: string }): Promise<string[]> {
  const ids: string[] = [];
  for await (const id of store.list(options)) ids.push(id);
  return ids;
}
