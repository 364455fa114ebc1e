import { resolve } from "node:path";
import type { Client } from "@libsql/client";
import type { SessionOptions } from "./core.ts";
import { newId } from "./ids.ts";
import { StoreSession } from "./session.ts";
import { share } from "./shared.ts";
import type { SessionStore } from "./store.ts";
import { LibsqlStore } from "./stores/libsql.ts";
import { MemoryStore } from "./stores/memory.ts";
import { RedisStore, type RedisStoreOptions } from "./stores/redis.ts";
import type { ReportUnreadable } from "./unreadable.ts";

export interface ConversationOptions extends SessionOptions {
  /** The session's id; a new one is made when absent. */
  conversationId?: string;
  /** The id or name of the branch to stay on. Absent: whichever is the current one. */
  branch?: string;
  /** Called for each item that can't be read; a process warning when absent. */
  onUnreadable?: ReportUnreadable;
}

export interface SQLitePlace {
  /** The file. Without `path`, `url` and `client` the session lives in memory. */
  path?: string;
  /** A libSQL server: `http(s)://`, `ws(s)://` or `libsql://`. */
  url?: string;
  authToken?: string;
  /** A client of yours. It is never closed. */
  client?: Client;
  /** The first part of the tables' names: "sessions" when absent. */
  table?: string;
}

/**
 * A session in a file, on a libSQL server, or in memory.
 *
 * @example new SQLiteSession({ conversationId: "alice:support/1", path: "sessions.db" })
 */
export class SQLiteSession extends StoreSession {
  constructor({
    conversationId,
    branch,
    path,
    url,
    authToken,
    client,
    table,
    ...rest
  }: ConversationOptions & SQLitePlace = {}) {
    const { onUnreadable, ...options } = rest;
    const place = openSQLite({ path, url, authToken, client, table }, onUnreadable);
    super({ ...options, ...place, id: conversationId ?? newId(), ...(branch ? { branch } : {}) });
  }
}

/** A store at a place that sessions of this process share, unless it is in memory or reports for itself. */
export function openSQLite(place: SQLitePlace, onUnreadable?: ReportUnreadable): Opened {
  const { path, url, client, table = "" } = place;
  const make = () => new LibsqlStore({ ...place, ...(onUnreadable ? { onUnreadable } : {}) });
  const isPrivate = client || onUnreadable || (!url && (path === undefined || path === ":memory:"));
  return isPrivate ? own(make()) : share(`${url ?? resolve(path ?? "")} ${table}`, make);
}

/**
 * A session in Redis.
 *
 * @example new RedisSession({ conversationId: "alice:support/1", url: "redis://:secret@localhost:6379", ttl: 3600 })
 */
export class RedisSession extends StoreSession {
  constructor(options: ConversationOptions & RedisStoreOptions) {
    const { conversationId, branch, url, client, ttl, keyPrefix, onUnreadable, ...rest } = options;
    const make = () => new RedisStore({ url, client, ttl, keyPrefix, onUnreadable });
    const place = client || onUnreadable ? own(make()) : share(`${url} ${ttl} ${keyPrefix}`, make);
    super({ ...rest, ...place, id: conversationId ?? newId(), ...(branch ? { branch } : {}) });
  }
}

/** A session that lives as long as this object does, or as the store that is given. */
export class MemorySession extends StoreSession {
  constructor({
    conversationId,
    store = new MemoryStore(),
    ...rest
  }: ConversationOptions & { store?: MemoryStore } = {}) {
    super({ ...rest, store, id: conversationId ?? newId() });
  }
}

interface Opened {
  store: SessionStore;
  release: () => Promise<void>;
}

function own(store: SessionStore): Opened {
  return { store, release: () => store.close() };
}
