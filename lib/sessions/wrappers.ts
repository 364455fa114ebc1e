import type { Compaction } from "./compaction.ts";
import { SessionError } from "./errors.ts";
import { StoreSession } from "./session.ts";
import { EncryptedStore, type EncryptionOptions } from "./stores/encrypted.ts";

/**
 * A session whose items, summaries and metadata are encrypted where they are kept. Closing it
 * closes the session it wraps.
 *
 * @example new EncryptedSession(session, { keys: [{ id: "2026", key: process.env.SESSION_KEY }] })
 */
export class EncryptedSession extends StoreSession {
  readonly #encrypted: EncryptedStore;

  constructor(session: StoreSession, options: EncryptionOptions) {
    const encrypted = new EncryptedStore(session.store, options);
    super({ ...session.options, store: encrypted, release: () => session.close() });
    this.#encrypted = encrypted;
  }

  /** Encrypts what is not under the first key anew, and what is in the clear. */
  rekey(): Promise<{ items: number; unreadable: number }> {
    return this.#encrypted.rekey(this.id);
  }
}

/**
 * The same session with a summary in place of its older part as soon as it grows beyond a budget.
 * The originals stay: `history()` has them, a fork before the summary sees them.
 */
export function withCompaction(session: StoreSession, compaction: Compaction): StoreSession {
  const { maxTokens, maxTurns } = compaction;
  if (!(Number(maxTokens) > 0) && !(Number(maxTurns) > 0)) {
    throw new SessionError("option_invalid", "Say when to sum up: give maxTokens or maxTurns, above 0.");
  }
  return new StoreSession({ ...session.options, compaction, release: () => session.close() });
}
