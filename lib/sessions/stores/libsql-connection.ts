import { type Client, createClient, LibsqlError } from "@libsql/client";
import { migrateSessions, SessionsTooNewError } from "../../../db/migrations/sessions.ts";
import { openFile } from "../../../db/prepared.ts";
import { openServer } from "../../../db/remote.ts";
import { SessionError } from "../errors.ts";

export interface LibsqlPlace {
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
}

const ATTEMPTS = 100;
const LONGEST_WAIT_MS = 60;
/** A given client may have waited by itself, and long, before it failed. */
const LONGEST_IN_ALL_MS = { owned: 60_000, given: 4000 };
// A wait inside SQLite holds up the whole process: it is short, and the connection tries again.
const BUSY_TIMEOUT_MS = 50;

/** A client that is opened and has its tables at the first use, waits out locks, and says plainly what is wrong. */
export class LibsqlConnection {
  readonly #place: LibsqlPlace;
  readonly #owned: boolean;
  readonly #where: string;
  #opened: Client | undefined;
  #ready: Promise<void> | undefined;
  #prepared = false;
  #pragmas: string[] | undefined;
  #closed = false;

  constructor(place: LibsqlPlace) {
    this.#place = place;
    this.#owned = place.client === undefined || place.close === true;
    this.#where = place.url ?? place.path ?? (place.client ? "the given client" : ":memory:");
    this.#opened = place.client;
  }

  /** Runs a piece of work that can be repeated as a whole: one statement or one batch. */
  async do<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const until = performance.now() + LONGEST_IN_ALL_MS[this.#owned ? "owned" : "given"];
    for (let attempt = 1; ; attempt++) {
      if (this.#closed) throw new SessionError("store_closed", "This store was closed. Open a new one.");
      try {
        this.#ready ??= this.#prepare();
        await this.#ready;
        return await work(this.#client);
      } catch (error) {
        if (!this.#prepared) this.#ready = undefined;
        const passes = isBusy(error) || isInterrupted(error, this.#opened);
        if (!passes || attempt === ATTEMPTS || performance.now() > until) throw this.#explain(error);
        await wait(Math.random() * LONGEST_WAIT_MS);
        await this.#reconnect();
      }
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#owned) this.#opened?.close();
  }

  /** Opened at the first use, so that a wrong path is an error of the first call and not of a constructor. */
  get #client(): Client {
    if (this.#opened) return this.#opened;
    try {
      this.#opened = connect(this.#place);
    } catch (cause) {
      throw new SessionError("store_unreachable", `Can't open ${this.#where}. Check the path or the address.`, cause);
    }
    return this.#opened;
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
    await migrateSessions(this.#client, this.#place.table);
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

function connect({ url, path, authToken }: LibsqlPlace): Client {
  const target =
    url ??
    (path === undefined || path === ":memory:" ? ":memory:" : `file:${path.replace(/[%?#]/g, encodeURIComponent)}`);
  if (target.startsWith("file:")) return openFile({ url: target, timeout: BUSY_TIMEOUT_MS, concurrency: 1 });
  if (target === ":memory:") return createClient({ url: target, timeout: BUSY_TIMEOUT_MS });
  return openServer({ url: target, timeout: BUSY_TIMEOUT_MS, authToken });
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

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
