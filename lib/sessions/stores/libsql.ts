import { type InStatement, LibsqlBatchError } from "@libsql/client";
import type { AgentInputItem } from "@openai/agents";
import { sessionTableNames } from "../../../db/sessions.ts";
import type { Change, CommitResult, Range, SessionState, SessionStore, StoredItem } from "../store.ts";
import { type ReportUnreadable, warnOfUnreadable } from "../unreadable.ts";
import { LibsqlConnection, type LibsqlPlace } from "./libsql-connection.ts";
import { newestOfLineage, newestOfTip, together } from "./libsql-newest.ts";
import { decodeTogether, toState, toStored } from "./libsql-rows.ts";
import { statementsOf } from "./libsql-statements.ts";
import { plain, type Step } from "./libsql-steps.ts";

export interface LibsqlStoreOptions extends LibsqlPlace {
  /** Called for each item that can't be read; a process warning when absent. */
  onUnreadable?: ReportUnreadable;
}

const RANGES_AT_ONCE = 500;

/** Sessions in libSQL: a file, a remote server, or memory. */
export class LibsqlStore implements SessionStore {
  readonly #connection: LibsqlConnection;
  readonly #names: ReturnType<typeof sessionTableNames>;
  readonly #report: ReportUnreadable;

  constructor({ onUnreadable = warnOfUnreadable, ...place }: LibsqlStoreOptions = {}) {
    this.#names = sessionTableNames(place.table);
    this.#connection = new LibsqlConnection(place);
    this.#report = onUnreadable;
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
    const { rows } = await this.#connection.do((client) => client.execute({ sql, args: [session] }));
    const row = rows[0];
    return row && toState(session, String(row.state), String(row.metadata));
  }

  async newest(session: string, branch: string | undefined, count: number): Promise<AgentInputItem[] | undefined> {
    const named = branch !== undefined;
    const args = [session, Math.min(count, Number.MAX_SAFE_INTEGER), ...(named ? [branch] : [])];
    // Where parents have some of them it takes a longer statement: not for a whole history, which it would have to sort.
    const tip = newestOfTip(this.#names, named);
    const statements = count === Number.POSITIVE_INFINITY ? [tip] : [tip, newestOfLineage(this.#names, named)];
    for (const statement of statements) {
      const { rows } = await this.#connection.do((client) => client.execute({ sql: together(statement), args }));
      const found = Number(rows[0]?.[0] ?? 0);
      if (found > 0) return decodeTogether(String(rows[0]?.[1]), found);
    }
    return undefined;
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
      const { rows } = await this.#connection.do((client) => client.execute({ sql, args }));
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
      const { rows } = await this.#connection.do((client) => client.execute({ sql, args }));
      for (const row of rows) stored.push(...this.#parse(session, part, String(row[0])));
    }
    return stored;
  }

  #parse(session: string, ranges: readonly Range[], text: string): StoredItem[] {
    const { stored, ...place } = toStored(text, ranges);
    if (stored) return [stored];
    this.#report({ session, ...place, reason: "its text is damaged." });
    return [];
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
      await this.#connection.do((client) => client.batch([...plain(steps), ...also], "write"));
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
    const { rows } = await this.#connection.do((client) => client.execute({ sql, args: [session, operation] }));
    const digest = rows[0]?.digest;
    return typeof digest === "string" ? { status: "repeated", digest } : { status: "repeated" };
  }

  async remove(session: string): Promise<boolean> {
    const { sessions, branches, segments, items, summaries, operations } = this.#names;
    const args = [session];
    const results = await this.#connection.do((client) =>
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
      const { rows } = await this.#connection.do((client) => client.execute({ sql, args }));
      for (const row of rows) {
        after = String(row.id);
        yield after;
      }
      if (rows.length < 500) return;
    }
  }

  async close(): Promise<void> {
    this.#connection.close();
  }
}

/** The change without a guess of where the end is. */
function unhinted(change: Change): Change {
  return change.append?.likely ? { ...change, append: { ...change.append, likely: undefined } } : change;
}

function whatStopped(error: unknown, steps: readonly Step[]): Step["otherwise"] | undefined {
  if (!(error instanceof LibsqlBatchError) || !/CONSTRAINT/.test(error.code)) return undefined;
  return steps[error.statementIndex]?.otherwise;
}
