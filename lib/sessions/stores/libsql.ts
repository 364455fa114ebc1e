import { type Client, createClient, type InStatement, LibsqlBatchError, LibsqlError, type Row } from "@libsql/client";
import type { AgentInputItem } from "@openai/agents";
import { z } from "zod";
import { migrateSessions, SessionsTooNewError } from "../../../db/migrations/sessions.ts";
import { sessionTableNames } from "../../../db/sessions.ts";
import { decode, decodeItem, isItem } from "../codec.ts";
import { SessionError } from "../errors.ts";
import type { Branch, Change, CommitResult, Range, SessionState, SessionStore, StoredItem, Usage } from "../store.ts";
import { type ReportUnreadable, warnOfUnreadable } from "../unreadable.ts";
import { newestOfLineage, newestOfTip } from "./libsql-newest.ts";
import { plain, type Step, statementsOf } from "./libsql-statements.ts";

export interface LibsqlStoreOptions {
  /** A client of yours. It is not closed by `close()`, unless `close` is true. */
  client?: Client;
  close?: boolean;
  /** A file. Without `client`, `path` and `url` the sessions are kept in memory. */
  path?: string;
  /** `file:`, `http(s)://`, `ws(s)://` or `libsql://`. */
  url?: string;
  authToken?: string;
  /** The first part of the tables' names: "sessions" when absent. */
  table?: string;
  /** Called for each item that can't be read; a process warning when absent. */
  onUnreadable?: ReportUnreadable;
}

const RANGES_AT_ONCE = 500;
const ATTEMPTS = 100;
const LONGEST_WAIT_MS = 60;
// A wait inside SQLite holds up the whole process: it is short, and the store tries again.
const BUSY_TIMEOUT_MS = 50;

const UsageText = z.object({
  requests: z.number(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  totalTokens: z.number(),
  cachedInputTokens: z.number().optional(),
  reasoningTokens: z.number().optional(),
});
type Columns = [number, string | null, string | null, number, string | null, string | null, number?];
type HeadColumns = [string, string, string, number, string | null, number, number];
type StateColumns = [
  current: string,
  createdAt: number,
  updatedAt: number,
  branches: HeadColumns[],
  segments: [string, string | null, number][],
  summaries: [string, string, number, number, string][],
];

/** Sessions in libSQL: a file, a remote server, or memory. */
export class LibsqlStore implements SessionStore {
  readonly #open: () => Client;
  #opened: Client | undefined;
  readonly #owned: boolean;
  readonly #table: string | undefined;
  readonly #names: ReturnType<typeof sessionTableNames>;
  readonly #report: ReportUnreadable;
  readonly #where: string;
  #ready: Promise<void> | undefined;
  #prepared = false;
  #pragmas: string[] | undefined;
  #closed = false;

  constructor(options: LibsqlStoreOptions = {}) {
    this.#names = sessionTableNames(options.table);
    this.#table = options.table;
    this.#report = options.onUnreadable ?? warnOfUnreadable;
    this.#owned = options.client === undefined || options.close === true;
    this.#where = options.url ?? options.path ?? (options.client ? "the given client" : ":memory:");
    this.#opened = options.client;
    this.#open = () => connect(options);
  }

  /** Opened at the first use, so that a wrong path is an error of the first call and not of a constructor. */
  get #client(): Client {
    if (this.#opened) return this.#opened;
    try {
      this.#opened = this.#open();
    } catch (cause) {
      throw new SessionError("store_unreachable", `Can't open ${this.#where}. Check the path or the address.`, cause);
    }
    return this.#opened;
  }

  async load(session: string): Promise<SessionState | undefined> {
    const { sessions, branches, segments, summaries } = this.#names;
    const sql = `SELECT json_array(current, created_at, updated_at,
      (SELECT json_group_array(json_array(id, name, segment, length, agent, created_at, updated_at))
        FROM (SELECT * FROM "${branches}" WHERE session = s.id ORDER BY rowid)),
      (SELECT json_group_array(json_array(id, parent, fork))
        FROM (SELECT * FROM "${segments}" WHERE session = s.id ORDER BY rowid)),
      (SELECT json_group_array(json_array(id, segment, position, created_at, items))
        FROM (SELECT * FROM "${summaries}" WHERE session = s.id ORDER BY rowid))) AS state, metadata
      FROM "${sessions}" s WHERE id = ?`;
    const { rows } = await this.#do((client) => client.execute({ sql, args: [session] }));
    const row = rows[0];
    return row && toState(session, String(row.state), String(row.metadata));
  }

  async newest(session: string, branch: string | undefined, count: number): Promise<AgentInputItem[] | undefined> {
    const named = branch !== undefined;
    const args = [session, Math.min(count, Number.MAX_SAFE_INTEGER), ...(named ? [branch] : [])];
    const tip = await this.#do((client) => client.execute({ sql: newestOfTip(this.#names, named), args }));
    if (tip.rows.length > 0) return decodeAll(tip.rows);
    // Parents have some of them: worth a longer statement, unless it would have to sort a whole history.
    if (count === Number.POSITIVE_INFINITY) return undefined;
    const { rows } = await this.#do((client) => client.execute({ sql: newestOfLineage(this.#names, named), args }));
    return rows.length > 0 ? decodeAll(rows) : undefined;
  }

  async read(session: string, ranges: readonly Range[]): Promise<StoredItem[]> {
    const wanted = ranges.filter(({ from, to }) => to > from);
    const [first] = wanted;
    if (!first) return [];
    // One column a row: the client's cost is by the cell. JSON has no bare line feed, so the first one parts the two.
    const cell = "json_array(position, agent, run, created_at, model, usage";
    if (wanted.length === 1) {
      const sql = `SELECT ${cell}) || char(10) || item FROM "${this.#names.items}"
        WHERE segment = ? AND position >= ? AND position < ? ORDER BY position`;
      const args = [first.segment, first.from, first.to];
      const { rows } = await this.#do((client) => client.execute({ sql, args }));
      return rows.flatMap((row) => this.#parse(session, wanted, String(row[0])));
    }
    const stored: StoredItem[] = [];
    for (let start = 0; start < wanted.length; start += RANGES_AT_ONCE) {
      const part = wanted.slice(start, start + RANGES_AT_ONCE);
      const sql = `SELECT ${cell}, r.column1) || char(10) || item
        FROM (VALUES ${part.map((_, index) => `(${index}, ?, ?, ?)`).join(", ")}) r
        CROSS JOIN "${this.#names.items}" i
          ON i.segment = r.column2 AND i.position >= r.column3 AND i.position < r.column4
        ORDER BY r.column1, i.position`;
      const args = part.flatMap(({ segment, from, to }) => [segment, from, to]);
      const { rows } = await this.#do((client) => client.execute({ sql, args }));
      for (const row of rows) stored.push(...this.#parse(session, part, String(row[0])));
    }
    return stored;
  }

  #parse(session: string, ranges: readonly Range[], text: string): StoredItem[] {
    const end = text.indexOf("\n");
    // Made by json_array() above from columns of these types.
    const [position, agent, run, createdAt, model, usage, range = 0] = JSON.parse(text.slice(0, end)) as Columns;
    const segment = ranges[range]?.segment ?? "";
    const item = decodeItem(text.slice(end + 1));
    if (!item) {
      this.#report({ session, segment, position, reason: "its text is damaged." });
      return [];
    }
    const stored: StoredItem = { segment, position, item, agent, run, createdAt };
    if (model !== null) stored.model = model;
    if (usage !== null) stored.usage = decodeUsage(usage);
    return [stored];
  }

  /** The SQL of a change, for a batch of the caller's own. */
  statements(session: string, change: Change): InStatement[] {
    return plain(statementsOf(this.#names, session, unhinted(change)));
  }

  /**
   * Applies a change as a whole.
   *
   * @param options.also Statements of the caller's that belong to the same moment: they run in the
   *   same transaction, after the change. When one of them fails, its error is thrown as it is.
   */
  async commit(session: string, change: Change, { also = [] }: { also?: InStatement[] } = {}): Promise<CommitResult> {
    const steps = statementsOf(this.#names, session, change);
    if (steps.length + also.length === 0) return { status: "done" };
    try {
      await this.#do((client) => client.batch([...plain(steps), ...also], "write"));
      return { status: "done" };
    } catch (error) {
      const otherwise = whatStopped(error, steps);
      if (otherwise === undefined) throw error;
      if (otherwise !== "repeated" && change.append?.likely) {
        const answer = await this.commit(session, unhinted(change), { also });
        return answer.status === "done" ? { ...answer, elsewhere: true } : answer;
      }
      if (otherwise !== "repeated") return { status: "conflict", reason: otherwise.conflict };
      return this.#repeated(session, change.operation ?? "");
    }
  }

  async #repeated(session: string, operation: string): Promise<CommitResult> {
    const sql = `SELECT digest FROM "${this.#names.operations}" WHERE session = ? AND id = ?`;
    const { rows } = await this.#do((client) => client.execute({ sql, args: [session, operation] }));
    const digest = rows[0]?.digest;
    return typeof digest === "string" ? { status: "repeated", digest } : { status: "repeated" };
  }

  async remove(session: string): Promise<boolean> {
    const { sessions, branches, segments, items, summaries, operations } = this.#names;
    const args = [session];
    const results = await this.#do((client) =>
      client.batch(
        [
          { sql: `DELETE FROM "${items}" WHERE segment IN (SELECT id FROM "${segments}" WHERE session = ?)`, args },
          ...[segments, branches, summaries, operations].map((table) => {
            return { sql: `DELETE FROM "${table}" WHERE session = ?`, args };
          }),
          { sql: `DELETE FROM "${sessions}" WHERE id = ?`, args },
        ],
        "write",
      ),
    );
    return (results.at(-1)?.rowsAffected ?? 0) > 0;
  }

  async *list({ inactiveBefore, prefix = "" }: { inactiveBefore?: number; prefix?: string } = {}) {
    const { sessions, branches } = this.#names;
    const sql = `SELECT id FROM "${sessions}" s WHERE id > ? AND substr(id, 1, ?) = ? AND updated_at < ?
      AND NOT EXISTS (SELECT 1 FROM "${branches}" WHERE session = s.id AND updated_at >= ?) ORDER BY id LIMIT 500`;
    const before = inactiveBefore ?? Number.MAX_SAFE_INTEGER;
    let after = "";
    for (;;) {
      const args = [after, [...prefix].length, prefix, before, before];
      const { rows } = await this.#do((client) => client.execute({ sql, args }));
      for (const row of rows) {
        after = String(row.id);
        yield after;
      }
      if (rows.length < 500) return;
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#owned) this.#opened?.close();
  }

  async #do<T>(work: (client: Client) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      if (this.#closed) throw new SessionError("store_closed", "This store was closed. Open a new one.");
      try {
        this.#ready ??= this.#prepare();
        await this.#ready;
        return await work(this.#client);
      } catch (error) {
        if (!this.#prepared) this.#ready = undefined;
        if (!(isBusy(error) || isInterrupted(error, this.#opened)) || attempt === ATTEMPTS) throw this.#explain(error);
        await wait(Math.random() * LONGEST_WAIT_MS);
        await this.#reconnect();
      }
    }
  }

  async #prepare(): Promise<void> {
    const isFile = await isInFile(this.#client);
    if (isFile && this.#owned) {
      this.#pragmas = ["PRAGMA synchronous = NORMAL"];
      await this.#client.execute("PRAGMA journal_mode = WAL");
      await this.#client.execute("PRAGMA synchronous = NORMAL");
    } else if (isFile) {
      this.#pragmas = await readPragmas(this.#client);
    }
    await migrateSessions(this.#client, this.#table);
    this.#prepared = true;
  }

  /** A connection to a file that met SQLITE_BUSY can refuse all that follows: it is opened anew, set as it was. */
  async #reconnect(): Promise<void> {
    if (this.#closed || !this.#pragmas) return;
    await this.#client.reconnect();
    for (const pragma of this.#pragmas) await this.#client.execute(pragma);
  }

  #explain(error: unknown): unknown {
    if (error instanceof SessionError) return error;
    if (error instanceof SessionsTooNewError) return new SessionError("store_too_new", error.message, error);
    if (isBusy(error)) {
      return new SessionError("store_busy", `${this.#where} is locked by another process. Try again.`, error);
    }
    if (error instanceof LibsqlError && error.code === "CLIENT_CLOSED") {
      return new SessionError("store_closed", "The database client was closed. Open a new one.", error);
    }
    if (isUnreachable(error)) {
      const advice = "Check the path or address, the token, and that the server runs.";
      return new SessionError("store_unreachable", `Can't reach ${this.#where}. ${advice}`, error);
    }
    return error;
  }
}

function connect({ url, path, authToken }: LibsqlStoreOptions): Client {
  const target = url ?? (path === undefined || path === ":memory:" ? ":memory:" : `file:${encodeURI(path)}`);
  return createClient({
    url: target,
    timeout: BUSY_TIMEOUT_MS,
    ...(isLocal(target) ? { concurrency: 1 } : {}),
    ...(authToken === undefined ? {} : { authToken }),
  });
}

function isLocal(url: string): boolean {
  return url === ":memory:" || url.startsWith("file:");
}

/** Neither a remote server, which has its own settings, nor memory, which a new connection would lose. */
async function isInFile(client: Client): Promise<boolean> {
  if (client.protocol !== "file") return false;
  const { rows } = await client.execute("PRAGMA database_list");
  return rows.some(({ name, file }) => name === "main" && file !== "" && file !== null);
}

/** What is set for a connection alone, as statements that set it again. */
async function readPragmas(client: Client): Promise<string[]> {
  const pragmas: string[] = [];
  for (const name of ["synchronous", "foreign_keys"]) {
    const { rows } = await client.execute(`PRAGMA ${name}`);
    pragmas.push(`PRAGMA ${name} = ${Number(rows[0]?.[0] ?? 1)}`);
  }
  return pragmas;
}

/** The change without a guess of where the end is. */
function unhinted(change: Change): Change {
  return change.append?.likely ? { ...change, append: { ...change.append, likely: undefined } } : change;
}

function whatStopped(error: unknown, steps: readonly Step[]): Step["otherwise"] | undefined {
  if (!(error instanceof LibsqlBatchError) || !/CONSTRAINT/.test(error.code)) return undefined;
  return steps[error.statementIndex]?.otherwise;
}

function isBusy(error: unknown): boolean {
  if (!(error instanceof LibsqlError)) return false;
  return /^SQLITE_(BUSY|LOCKED)/.test(error.code) || /statements in progress/.test(error.message);
}

/** Somebody who shares the client opened it anew in between. */
function isInterrupted(error: unknown, client: Client | undefined): boolean {
  return error instanceof LibsqlError && error.code === "CLIENT_CLOSED" && client?.closed === false;
}

function isUnreachable(error: unknown): boolean {
  if (error instanceof LibsqlError)
    return /CANTOPEN|NOTADB|HRANA|SERVER_ERROR|AUTH|PERM|READONLY|IOERR/.test(error.code);
  return error instanceof TypeError && /fetch failed/.test(error.message);
}

/** From what json_array() made of columns of known types. */
function toState(id: string, text: string, metadataText: string): SessionState {
  const [current, createdAt, updatedAt, heads, parts, overlays] = JSON.parse(text) as StateColumns;
  const branches = heads.map(([branch, name, segment, length, agent, made, used]): Branch => {
    return { id: branch, name, segment, length, agent, createdAt: made, updatedAt: used };
  });
  return {
    id,
    current,
    branches,
    segments: parts.map(([segment, parent, fork]) => ({ id: segment, parent, fork })),
    summaries: overlays.flatMap(([summary, segment, position, made, itemsText]) => {
      const items = decodeItems(itemsText);
      return items ? [{ id: summary, segment, position, items, createdAt: made }] : [];
    }),
    metadata: decodeItem(metadataText) ? (decode(metadataText) as Record<string, unknown>) : {},
    createdAt,
    updatedAt: branches.reduce((latest, branch) => Math.max(latest, branch.updatedAt), updatedAt),
  };
}

/** All items, or undefined when one can't be read: then it takes the longer way, which says which. */
function decodeAll(rows: readonly Row[]): AgentInputItem[] | undefined {
  const items: AgentInputItem[] = [];
  for (const row of rows) {
    const item = decodeItem(String(row[0]));
    if (!item) return undefined;
    items.push(item);
  }
  return items;
}

function decodeUsage(text: string): Usage | null {
  try {
    return UsageText.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function decodeItems(text: string) {
  try {
    const value = decode(text);
    return Array.isArray(value) ? value.filter(isItem) : undefined;
  } catch {
    return undefined;
  }
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
