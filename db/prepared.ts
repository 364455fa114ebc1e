import type { Client, Config } from "@libsql/client";
import { ConnectionPool, Sqlite3Client } from "@libsql/client/sqlite3";
import { expandConfig } from "@libsql/core/config";

/**
 * A client of a file that keeps its statements prepared. The package's own prepares each anew, which for the
 * small statements of a chat costs several times what running them does (43 us against 8 for an insert of one row).
 */
export function openFile(config: Config & { concurrency: number }): Client {
  const { path, timeout, intMode, concurrency } = expandConfig(config, true);
  const pool = new PreparingPool(path, { timeout }, concurrency);
  // A file that cannot be opened is an error now, not of the first statement.
  pool.release(pool.acquireSync());
  return new Sqlite3Client(pool, intMode);
}

class PreparingPool extends ConnectionPool {
  override acquireSync(forTransaction?: boolean): Connection {
    const connection = super.acquireSync(forTransaction);
    if (!prepared.has(connection)) keepStatements(connection);
    return connection;
  }
}

type Connection = ReturnType<ConnectionPool["acquireSync"]>;
type Statement = ReturnType<Connection["prepare"]>;

const prepared = new WeakSet<Connection>();
const mostStatements = 300;
/** A statement for many rows is seldom the same again. */
const longestText = 2000;

function keepStatements(connection: Connection): void {
  const prepare = connection.prepare.bind(connection);
  const kept = new Map<string, KeptStatement>();
  const keep = (sql: string) => {
    const known = kept.get(sql);
    if (known) return known;
    const statement = new KeptStatement(prepare(sql), () => kept.delete(sql));
    // The oldest make room: what is used all the time is soon there again.
    for (const oldest of kept.keys()) if (kept.size >= mostStatements) kept.delete(oldest);
    if (isKept(sql)) kept.set(sql, statement);
    return statement;
  };
  Object.assign(connection, { prepare: keep });
  prepared.add(connection);
}

/**
 * What changes the file's tables or the connection's settings is seldom run twice, and which columns `*` stands
 * for can change with the tables.
 */
const isKept = (sql: string) =>
  sql.length <= longestText &&
  !/^\s*(PRAGMA|CREATE|DROP|ALTER|VACUUM|ATTACH)\b|(\b(SELECT|DISTINCT|ALL|RETURNING)|[,.])\s*\*/i.test(sql);

const noRows = new TypeError("This statement returns no data.");

/** A statement as the client uses it, told once what the client tells it at each use. */
class KeptStatement {
  readonly #statement: Statement;
  readonly #forget: () => void;
  readonly #isReader: boolean;
  #columns: ReturnType<Statement["columns"]> | undefined;

  constructor(statement: Statement, forget: () => void) {
    this.#statement = statement;
    this.#forget = forget;
    this.#isReader = statement.reader;
    statement.safeIntegers(true);
    if (this.#isReader) statement.raw(true);
  }

  safeIntegers(): this {
    return this;
  }

  /** Throws where there are no rows: so the client learns of it. */
  raw(): this {
    if (!this.#isReader) throw noRows;
    return this;
  }

  columns(): ReturnType<Statement["columns"]> {
    this.#columns ??= this.#statement.columns();
    return this.#columns;
  }

  run(values: object): ReturnType<Statement["run"]> {
    return this.#use(() => this.#statement.run(values));
  }

  all(values: object): unknown[] {
    return this.#use(() => this.#statement.all(values));
  }

  /** One that has failed may stand half way: it is not used again. */
  #use<Result>(act: () => Result): Result {
    try {
      return act();
    } catch (error) {
      this.#forget();
      throw error;
    }
  }
}
