import { Cluster, Redis } from "ioredis";
import { applyChange, findConflict, placeAppend } from "../apply.ts";
import { decode, encode, isItem } from "../codec.ts";
import { SessionError } from "../errors.ts";
import { newId } from "../ids.ts";
import type { Change, CommitResult, Range, SessionState, SessionStore, StoredItem } from "../store.ts";
import { type ReportUnreadable, warnOfUnreadable } from "../unreadable.ts";

export interface RedisStoreOptions {
  /** `redis://[user:password@]host:port/db`, `rediss://` for TLS. */
  url?: string;
  /** A client of yours, a cluster too. It is not closed by `close()`. */
  client?: Redis | Cluster;
  /** Seconds after the last write until a session is forgotten; never when absent. */
  ttl?: number;
  /** What all keys begin with: "switchboard:" when absent. */
  keyPrefix?: string;
  /** Called for each item that can't be read; a process warning when absent. */
  onUnreadable?: ReportUnreadable;
}

const ATTEMPTS = 200;
const FIELDS_AT_ONCE = 2000;
const WIDEST_RANGE = 1_000_000;

// Everything is prepared by the caller against the version it read: the script only swaps. All
// keys of a session share a hash tag, so that a cluster keeps them on one node.
const COMMIT = `
local seen = ARGV[2] ~= '' and redis.call('HGET', KEYS[3], ARGV[2])
if seen then return {'repeated', seen} end
if (redis.call('HGET', KEYS[1], 'version') or '') ~= ARGV[1] then return {'stale'} end
redis.call('HSET', KEYS[1], 'version', ARGV[4], 'state', ARGV[5], 'active', ARGV[6])
if ARGV[2] ~= '' then redis.call('HSET', KEYS[3], ARGV[2], ARGV[3]) end
local at = 9
for _ = 1, tonumber(ARGV[8]) do redis.call('HDEL', KEYS[2], ARGV[at]); at = at + 1 end
while ARGV[at] do redis.call('HSET', KEYS[2], ARGV[at], ARGV[at + 1]); at = at + 2 end
for i = 1, 3 do
  if ARGV[7] ~= '' then redis.call('PEXPIRE', KEYS[i], ARGV[7]) else redis.call('PERSIST', KEYS[i]) end
end
return {'done'}`;

/** Sessions in Redis 6 or newer: one hash each for the state, the items and the operations of a session. */
export class RedisStore implements SessionStore {
  readonly #client: Redis | Cluster;
  readonly #owned: boolean;
  readonly #ttl: number | undefined;
  readonly #prefix: string;
  readonly #report: ReportUnreadable;
  #lastError: unknown;
  #closed = false;

  constructor({ url, client, ttl, keyPrefix = "switchboard:", onUnreadable = warnOfUnreadable }: RedisStoreOptions) {
    if (ttl !== undefined && !(ttl > 0)) {
      throw new SessionError("option_invalid", `ttl is ${ttl}. Give a number of seconds above 0, or none.`);
    }
    if (/[{}*?[\]\\]/.test(keyPrefix)) {
      throw new SessionError(
        "option_invalid",
        `keyPrefix "${keyPrefix}" has a special character. Use letters and ":".`,
      );
    }
    this.#owned = client === undefined;
    this.#client = client ?? connect(url);
    this.#ttl = ttl;
    this.#prefix = keyPrefix;
    this.#report = onUnreadable;
    // Without a listener the client prints; the error itself is the cause of what the next call throws.
    if (this.#owned) this.#client.on("error", (error) => (this.#lastError = error));
  }

  async load(session: string): Promise<SessionState | undefined> {
    return (await this.#loadVersion(session)).state;
  }

  async #loadVersion(session: string): Promise<{ version: string; state?: SessionState }> {
    const [version, text] = await this.#do(() => this.#client.hmget(this.#keys(session)[0], "version", "state"));
    if (!version || !text) return { version: "" };
    return { version, state: decode(text) as SessionState };
  }

  async read(session: string, ranges: readonly Range[]): Promise<StoredItem[]> {
    const fields = (await Promise.all(ranges.map((range) => this.#fieldsOf(session, range)))).flat();
    const items: StoredItem[] = [];
    for (let start = 0; start < fields.length; start += FIELDS_AT_ONCE) {
      const part = fields.slice(start, start + FIELDS_AT_ONCE);
      const texts = await this.#do(() => this.#client.hmget(this.#keys(session)[1], ...part));
      part.forEach((field, index) => {
        const text = texts[index];
        if (text !== null && text !== undefined) items.push(...this.#parse(session, field, text));
      });
    }
    return items;
  }

  #parse(session: string, field: string, text: string): StoredItem[] {
    const { segment, position } = placeOf(field);
    try {
      const stored = decode(text) as StoredItem;
      if (isItem(stored) && isItem(stored.item)) return [{ ...stored, segment, position }];
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
    this.#report({ session, segment, position, reason: "its text is damaged." });
    return [];
  }

  /** The names of the fields of a range; for a range without an end those that there are. */
  async #fieldsOf(session: string, { segment, from, to }: Range): Promise<string[]> {
    if (to - from <= WIDEST_RANGE) {
      return Array.from({ length: Math.max(0, to - from) }, (_, index) => fieldOf(segment, from + index));
    }
    const all = await this.#do(() => this.#client.hkeys(this.#keys(session)[1]));
    return all
      .map(placeOf)
      .filter((place) => place.segment === segment && place.position >= from && place.position < to)
      .sort((left, right) => left.position - right.position)
      .map(({ position }) => fieldOf(segment, position));
  }

  async commit(session: string, change: Change): Promise<CommitResult> {
    const { operation = "", digest } = change;
    const keys = this.#keys(session);
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const { version, state } = await this.#loadVersion(session);
      const placed = placeAppend(state, change);
      const reason = findConflict(state, placed);
      if (reason !== undefined) {
        const seen = operation === "" ? null : await this.#do(() => this.#client.hget(keys[2], operation));
        return seen === null ? { status: "conflict", reason } : repeated(seen);
      }
      const next = applyChange(session, state, placed);
      const removed = await this.#removedFields(session, state, placed);
      const written = [...(placed.items ?? []), ...(await this.#stillThere(session, placed.replaceItems ?? []))];
      const answer = await this.#do(() =>
        this.#client.eval(
          COMMIT,
          keys.length,
          ...keys,
          version,
          operation,
          encode({ digest }),
          newId(),
          encode(next),
          next.updatedAt,
          this.#ttl === undefined ? "" : Math.ceil(this.#ttl * 1000),
          removed.length,
          ...removed,
          ...written.flatMap(({ segment, position, ...rest }) => [fieldOf(segment, position), encode(rest)]),
        ),
      );
      const [status, seen] = Array.isArray(answer) ? answer : [];
      if (status === "done") return { status: "done" };
      if (status === "repeated") return repeated(String(seen));
      await pause(attempt);
    }
    throw new SessionError("store_busy", `Too many others write to session ${session} at once. Try again.`);
  }

  async #stillThere(session: string, items: readonly StoredItem[]): Promise<StoredItem[]> {
    if (items.length === 0) return [];
    const fields = items.map(({ segment, position }) => fieldOf(segment, position));
    const found = await this.#do(() => this.#client.hmget(this.#keys(session)[1], ...fields));
    return items.filter((_item, index) => found[index] !== null);
  }

  async #removedFields(session: string, state: SessionState | undefined, change: Change): Promise<string[]> {
    const whole = (change.removeSegments ?? []).map((segment) => {
      const from = state?.segments.find(({ id }) => id === segment)?.fork ?? 0;
      return { segment, from, to: Number.MAX_SAFE_INTEGER };
    });
    const ranges = [...(change.removeItems ?? []), ...whole];
    return (await Promise.all(ranges.map((range) => this.#fieldsOf(session, range)))).flat();
  }

  async remove(session: string): Promise<boolean> {
    const keys = this.#keys(session);
    return (await this.#do(() => this.#client.del(...keys))) > 0;
  }

  async *list({ inactiveBefore, prefix = "" }: { inactiveBefore?: number; prefix?: string } = {}) {
    const nodes = this.#client instanceof Cluster ? this.#client.nodes("master") : [this.#client];
    const seen = new Set<string>();
    for (const node of nodes) {
      let cursor = "0";
      do {
        const pattern = `${this.#prefix}{*}:state`;
        const [next, keys] = await this.#do(() => node.scan(cursor, "MATCH", pattern, "COUNT", 500));
        cursor = next;
        for (const key of keys) {
          const id = decodeURIComponent(key.slice(this.#prefix.length + 1, -"}:state".length));
          if (!id.startsWith(prefix) || seen.has(id)) continue;
          seen.add(id);
          const active = await this.#do(() => node.hget(key, "active"));
          if (active !== null && (inactiveBefore === undefined || Number(active) < inactiveBefore)) yield id;
        }
      } while (cursor !== "0");
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#owned) this.#client.disconnect();
  }

  #keys(session: string): [state: string, items: string, operations: string] {
    const tag = `${this.#prefix}{${encodeURIComponent(session)}}`;
    return [`${tag}:state`, `${tag}:items`, `${tag}:operations`];
  }

  async #do<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed) throw new SessionError("store_closed", "This store was closed. Open a new one.");
    try {
      return await work();
    } catch (error) {
      if (error instanceof SessionError) throw error;
      const cause = this.#lastError ?? error;
      const said = cause instanceof Error ? cause.message : String(cause);
      throw new SessionError(
        "store_unreachable",
        `Redis does not answer as it should: ${said}. Check the address and the password, and that the server runs.`,
        error,
      );
    }
  }
}

function connect(url = "redis://127.0.0.1:6379"): Redis {
  // A caller who waits wants an answer: no command outlives a few attempts to connect.
  return new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 2, connectTimeout: 3000 });
}

function fieldOf(segment: string, position: number): string {
  return `${segment} ${position}`;
}

function placeOf(field: string): { segment: string; position: number } {
  const end = field.lastIndexOf(" ");
  return { segment: field.slice(0, end), position: Number(field.slice(end + 1)) };
}

function repeated(seen: string): CommitResult {
  const { digest } = decode(seen) as { digest?: string };
  return digest === undefined ? { status: "repeated" } : { status: "repeated", digest };
}

function pause(attempt: number): Promise<void> {
  const longest = Math.min(30, 2 ** attempt);
  return new Promise((resume) => setTimeout(resume, Math.random() * longest));
}
