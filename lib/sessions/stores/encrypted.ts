import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto";
import type { AgentInputItem } from "@openai/agents";
import { placeAppend } from "../apply.ts";
import { decode, decodeItem, encode, fromBase64, isItem, toBase64 } from "../codec.ts";
import { SessionError } from "../errors.ts";
import type { Change, CommitResult, Range, SessionState, SessionStore, StoredItem, Summary } from "../store.ts";
import { type ReportUnreadable, warnOfUnreadable } from "../unreadable.ts";

/** A secret of 32 bytes (or its base64) and the name by which stored items refer to it. */
export interface EncryptionKey {
  id: string;
  key: Uint8Array | string;
}

export interface EncryptionOptions {
  /**
   * The first encrypts, all decrypt: put a new one in front, `rekey`, then take the old one out.
   * As text a key is `id:base64`.
   */
  keys: readonly (EncryptionKey | string)[];
  /** Called for each item that can't be read; a process warning when absent. */
  onUnreadable?: ReportUnreadable;
}

interface Envelope {
  v: 1;
  /** The id of the key. */
  k: string;
  /** The nonce, base64. */
  n: string;
  /** Ciphertext and tag, base64. */
  d: string;
}

const MARK = "switchboard.encrypted";
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const MOST_DERIVED = 1000;
const REKEYED_AT_ONCE = 200;

/** A store that accepts further options for a commit, as `LibsqlStore` does with `also`. */
interface StoreWith<Options> extends SessionStore {
  commit(session: string, change: Change, options?: Options): Promise<CommitResult>;
}

/**
 * Encrypts what another store keeps: items, summaries and metadata, with AES-256-GCM and a key
 * for each session (HKDF). An item is bound to its session and place, so that nobody can move it.
 * What was stored in the clear stays readable.
 */
export class EncryptedStore<Options = unknown> implements SessionStore {
  readonly #store: StoreWith<Options>;
  readonly #keys: ReadonlyMap<string, Uint8Array>;
  readonly #first: string;
  readonly #report: ReportUnreadable;
  readonly #derived = new Map<string, Buffer>();

  constructor(store: StoreWith<Options>, { keys, onUnreadable = warnOfUnreadable }: EncryptionOptions) {
    const named = keys.map((key) => (typeof key === "string" ? parseKey(key) : key));
    const first = named[0];
    if (!first) throw new SessionError("keys_invalid", "Encryption needs at least one key.");
    this.#store = store;
    this.#keys = new Map(named.map((key) => [key.id, secretOf(key)]));
    this.#first = first.id;
    this.#report = onUnreadable;
  }

  async load(session: string): Promise<SessionState | undefined> {
    const state = await this.#store.load(session);
    if (!state) return undefined;
    const metadata = envelopeOf(state.metadata[MARK]);
    return {
      ...state,
      metadata: metadata ? this.#openMetadata(session, metadata) : state.metadata,
      summaries: state.summaries.flatMap((summary) => {
        const items = summary.items.map((item) => this.#openItem(session, `summary ${summary.id}`, item));
        return items.every((item) => item !== undefined) ? [{ ...summary, items }] : [];
      }),
    };
  }

  #openMetadata(session: string, envelope: Envelope): Record<string, unknown> {
    const text = this.#decrypt(session, "metadata", envelope);
    const value: unknown = text === undefined ? undefined : decode(text);
    if (isItem(value)) return { ...value };
    const advice = `It is encrypted with key "${envelope.k}".`;
    throw new SessionError("unreadable", `The metadata of session ${session} can't be read. ${advice}`);
  }

  async read(session: string, ranges: readonly Range[]): Promise<StoredItem[]> {
    const stored = await this.#store.read(session, ranges);
    return stored.flatMap((one) => {
      const { segment, position } = one;
      const item = this.#openItem(session, place(segment, position), one.item);
      if (item) return [{ ...one, item }];
      const id = envelopeOf(markOf(one.item))?.k ?? "";
      const known = this.#keys.has(id);
      const reason = known ? "it was changed or moved." : `the key "${id}" is not among the given ones.`;
      this.#report({ session, segment, position, reason });
      return [];
    });
  }

  /** Places must be known to be bound: an append becomes items at the head as it is now, tried again when that moves. */
  async commit(session: string, change: Change, options?: Options): Promise<CommitResult> {
    if (!change.append) {
      return this.#unblind(session, change, await this.#store.commit(session, this.seal(session, change), options));
    }
    for (;;) {
      const state = await this.#store.load(session);
      const head = state?.branches.find(({ id }) => id === change.append?.branch);
      if (!state || !head) {
        const bare = { ...change, append: { ...change.append, items: [] } };
        return this.#unblind(session, change, await this.#store.commit(session, this.seal(session, bare), options));
      }
      const expect = [{ branch: head.id, segment: head.segment, length: head.length }];
      const placed = this.seal(session, { ...placeAppend(state, change), expect });
      const result = await this.#store.commit(session, placed, options);
      if (result.status !== "conflict") return this.#unblind(session, change, result);
      const after = await this.#store.load(session);
      const now = after?.branches.find(({ id }) => id === head.id);
      if (now?.segment === head.segment && now.length === head.length) return result;
    }
  }

  /** What was blinded with a key that is not the first any more is the same digest still. */
  #unblind(session: string, { digest }: Change, result: CommitResult): CommitResult {
    if (result.status !== "repeated" || digest === undefined) return result;
    const same = [...this.#keys.keys()].some((id) => this.#blind(session, digest, id) === result.digest);
    return same ? { status: "repeated", digest } : result;
  }

  /**
   * Encrypts everything that is not under the first key anew: what is in the clear too. Nothing
   * else changes, not even the last activity. Can be interrupted and started again.
   *
   * @returns How many items were encrypted anew, and how many could not be read and stay as they are.
   */
  async rekey(session: string): Promise<{ items: number; unreadable: number }> {
    const state = await this.#store.load(session);
    if (!state) return { items: 0, unreadable: 0 };
    const at = state.updatedAt;
    const counted = { items: 0, unreadable: 0 };
    for (const { id: segment, fork } of state.segments) {
      const range = { segment, from: fork, to: Number.MAX_SAFE_INTEGER };
      const old = (await this.#store.read(session, [range])).filter(({ item }) => !this.#isFresh(markOf(item)));
      const open = old.flatMap((one) => {
        const item = this.#openItem(session, place(segment, one.position), one.item);
        return item ? [{ ...one, item }] : [];
      });
      counted.unreadable += old.length - open.length;
      for (let start = 0; start < open.length; start += REKEYED_AT_ONCE) {
        const replaceItems = open.slice(start, start + REKEYED_AT_ONCE).map((one) => this.#sealStored(session, one));
        const result = await this.#store.commit(session, { replaceItems, at });
        if (result.status === "conflict") throw new SessionError("conflict", result.reason);
        counted.items += replaceItems.length;
      }
    }
    const overlays = (await this.load(session))?.summaries ?? [];
    const isOld = ({ items }: Summary) => items.some((item) => !this.#isFresh(markOf(item)));
    const oldOverlays = new Set(state.summaries.filter(isOld).map(({ id }) => id));
    const summaries = overlays.filter(({ id }) => oldOverlays.has(id));
    const stale = Object.keys(state.metadata).length > 0 && !this.#isFresh(state.metadata[MARK]);
    if (summaries.length > 0 || stale) {
      const envelope = envelopeOf(state.metadata[MARK]);
      const metadata = envelope ? this.#openMetadata(session, envelope) : state.metadata;
      await this.commit(session, {
        removeSummaries: summaries.map(({ id }) => id),
        summaries,
        ...(stale ? { metadata } : {}),
        at,
      });
    }
    return counted;
  }

  #isFresh(mark: unknown): boolean {
    return envelopeOf(mark)?.k === this.#first;
  }

  /** The change as the inner store gets it: with everything that people wrote encrypted. */
  seal(session: string, change: Change): Change {
    if (change.append && change.append.items.length > 0) {
      throw new SessionError("option_invalid", "An append has no places to bind items to. Use planAppend.");
    }
    return {
      ...change,
      ...(change.items ? { items: change.items.map((one) => this.#sealStored(session, one)) } : {}),
      ...(change.summaries
        ? {
            summaries: change.summaries.map((summary) => ({
              ...summary,
              items: summary.items.map((item) => this.#sealItem(session, `summary ${summary.id}`, item)),
            })),
          }
        : {}),
      ...(change.metadata ? { metadata: { [MARK]: this.#encrypt(session, "metadata", encode(change.metadata)) } } : {}),
      ...(change.digest === undefined ? {} : { digest: this.#blind(session, change.digest) }),
    };
  }

  remove(session: string): Promise<boolean> {
    return this.#store.remove(session);
  }

  list(options?: { inactiveBefore?: number; prefix?: string }): AsyncIterable<string> {
    return this.#store.list(options);
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  #sealStored(session: string, one: StoredItem): StoredItem {
    return { ...one, item: this.#sealItem(session, place(one.segment, one.position), one.item) };
  }

  #sealItem(session: string, where: string, item: AgentInputItem): AgentInputItem {
    return { type: "unknown", providerData: { [MARK]: this.#encrypt(session, where, encode(item)) } };
  }

  /** The item, or undefined when it can't be decrypted. */
  #openItem(session: string, where: string, item: AgentInputItem): AgentInputItem | undefined {
    const envelope = envelopeOf(markOf(item));
    if (!envelope) return item;
    const text = this.#decrypt(session, where, envelope);
    return text === undefined ? undefined : decodeItem(text);
  }

  #encrypt(session: string, where: string, text: string): Envelope {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv("aes-256-gcm", this.#keyFor(session, this.#first), nonce);
    cipher.setAAD(Buffer.from(JSON.stringify([session, where])));
    const data = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
    return { v: 1, k: this.#first, n: toBase64(nonce), d: toBase64(data) };
  }

  #decrypt(session: string, where: string, { k, n, d }: Envelope): string | undefined {
    if (!this.#keys.has(k)) return undefined;
    const data = fromBase64(d);
    try {
      const decipher = createDecipheriv("aes-256-gcm", this.#keyFor(session, k), fromBase64(n));
      decipher.setAAD(Buffer.from(JSON.stringify([session, where])));
      decipher.setAuthTag(data.subarray(data.length - TAG_BYTES));
      const head = decipher.update(data.subarray(0, data.length - TAG_BYTES));
      return Buffer.concat([head, decipher.final()]).toString("utf8");
    } catch {
      return undefined;
    }
  }

  /** A digest of what people wrote would tell that they wrote the same twice. */
  #blind(session: string, digest: string, id = this.#first): string {
    return createHmac("sha256", this.#keyFor(session, id)).update(digest).digest("base64url");
  }

  #keyFor(session: string, id: string): Buffer {
    const name = `${id} ${session}`;
    const known = this.#derived.get(name);
    if (known) return known;
    const secret = this.#keys.get(id) ?? new Uint8Array();
    const derived = Buffer.from(hkdfSync("sha256", secret, session, "switchboard.session.v1", KEY_BYTES));
    if (this.#derived.size >= MOST_DERIVED) this.#derived.clear();
    this.#derived.set(name, derived);
    return derived;
  }
}

function place(segment: string, position: number): string {
  return `${segment} ${position}`;
}

function markOf(item: AgentInputItem): unknown {
  return item.type === "unknown" ? item.providerData?.[MARK] : undefined;
}

function envelopeOf(value: unknown): Envelope | undefined {
  if (value === null || typeof value !== "object") return undefined;
  if (!("v" in value && "k" in value && "n" in value && "d" in value) || value.v !== 1) return undefined;
  const { k, n, d } = value;
  return typeof k === "string" && typeof n === "string" && typeof d === "string" ? { v: 1, k, n, d } : undefined;
}

function parseKey(text: string): EncryptionKey {
  const end = text.indexOf(":");
  if (end > 0) return { id: text.slice(0, end), key: text.slice(end + 1) };
  throw new SessionError("keys_invalid", "An encryption key has no name. Write it as id:base64.");
}

function secretOf({ id, key }: EncryptionKey): Uint8Array {
  const bytes = typeof key === "string" ? fromBase64(key) : key;
  if (bytes.length === KEY_BYTES) return bytes;
  const advice = `It has ${bytes.length} bytes; it needs ${KEY_BYTES}. Make one with: openssl rand -base64 32`;
  throw new SessionError("keys_invalid", `The encryption key "${id}" is of the wrong length. ${advice}`);
}
