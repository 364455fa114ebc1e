import { SessionError } from "./errors.ts";
import { newId } from "./ids.ts";
import { type ConversationOptions, openSQLite, type SQLitePlace } from "./places.ts";
import { StoreSession } from "./session.ts";
import type { SessionStore } from "./store.ts";

export interface Namespace {
  userId: string;
  /** What the conversation is about: "support", "sales". */
  type: string;
}

export interface SessionForOptions extends Namespace, Omit<ConversationOptions, "conversationId">, SQLitePlace {
  /** The part of the id after the namespace: a new one when absent, so a new conversation. */
  conversation?: string;
  /** Where the session is kept; absent: as for `SQLiteSession`. */
  store?: SessionStore;
}

/**
 * A session in a user's own namespace: its id is `userId:type/conversation`. Two users never share
 * one, whatever they are called.
 */
export function sessionFor(options: SessionForOptions): StoreSession {
  const { userId, type, conversation = newId(), store, path, url, authToken, client, table, ...rest } = options;
  const { onUnreadable, ...session } = rest;
  const place = store ? { store } : openSQLite({ path, url, authToken, client, table }, onUnreadable);
  return new StoreSession({ ...session, ...place, id: `${namespaceOf({ userId, type })}/${conversation}` });
}

/** The ids of all sessions in a namespace, for `new StoreSession({ store, id })`. */
export function sessionsIn(store: SessionStore, namespace: Namespace): AsyncIterable<string> {
  return store.list({ prefix: `${namespaceOf(namespace)}/` });
}

/** `userId:type`. Refuses names with ":" or "/", which could pass for somebody else's namespace. */
export function namespaceOf({ userId, type }: Namespace): string {
  for (const [name, value] of Object.entries({ userId, type })) {
    if (value === "" || /[:/]/.test(value)) {
      throw new SessionError("option_invalid", `${name} "${value}" can't name a namespace. Leave out ":" and "/".`);
    }
  }
  return `${userId}:${type}`;
}
