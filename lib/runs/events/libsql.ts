import type { Client } from "@libsql/client";
import { conceal, reveal } from "../conceal.ts";
import { isFinish, type LoggedEvent } from "./logged.ts";
import type { EventBatch, EventStore } from "./store.ts";

const pollInterval = 250;
/** The last events of a run are written at most this long after its end, in milliseconds. */
const lastWrite = 1000;

/**
 * Run events in a table: one row holds what came of a run in one moment. Rows stand in the order in which they came, so
 * that those of many runs are written to a few pages. Other processes look at it in turns.
 */
export class LibsqlEventStore implements EventStore {
  /** A crash may cost a quarter of a second of text: this leaves a busy process some of it to get to the writing. */
  readonly interval = 150;
  readonly #client: Client;
  /** The time of the newest row known here (ms). Of one run, no row is older than the one before, whatever clocks say. */
  #clock = 0;

  constructor(client: Client) {
    this.#client = client;
  }

  async write(batches: readonly EventBatch[]): Promise<readonly string[]> {
    const rows = batches.map(({ run, first, events }) => [
      run,
      first,
      conceal(`[${events.join(",")}]`, `${run}:${first}`),
    ]);
    this.#clock = Math.max(this.#clock, Date.now());
    // As one value, so that the statement is the same for any number of runs and stays prepared.
    await this.#client.execute({
      sql: `INSERT INTO run_events (run, first, chunks, created_at)
            SELECT value ->> 0, value ->> 1, value ->> 2, ? FROM json_each(?)`,
      args: [this.#clock, JSON.stringify(rows)],
    });
    return [];
  }

  /** The rows of a run are sought among those written since its first: they stand where they came, not by their runs. */
  async read(run: string, after: number): Promise<LoggedEvent[]> {
    const found = await this.#client.execute({
      sql: `SELECT own.first, chunks, created_at FROM
              (SELECT rowid AS place, first, lead(first) OVER (ORDER BY first, rowid) AS next FROM run_events WHERE run = ?
                AND created_at >= (SELECT min(created_at) FROM run_events WHERE run = ? AND first = 1)) AS own
            JOIN run_events ON run_events.rowid = place WHERE next IS NULL OR next > ? ORDER BY place`,
      args: [run, run, after + 1],
    });
    // What was written twice can stand there twice.
    const events = new Map<number, LoggedEvent>();
    let end = Number.POSITIVE_INFINITY;
    for (const row of found.rows) {
      const first = Number(row.first);
      const chunks: unknown[] = JSON.parse(reveal(String(row.chunks), `${run}:${first}`));
      for (const [index, chunk] of chunks.entries()) {
        const id = first + index;
        events.set(id, { id, json: JSON.stringify(chunk) });
      }
      this.#clock = Math.max(this.#clock, Number(row.created_at));
      const last = first + chunks.length - 1;
      if (!isFinish(events.get(last)?.json)) continue;
      // Who has the run has ended it. What else there is was written by a process that lost it and went on.
      end = last;
      break;
    }
    return [...events.values()].filter(({ id }) => id > after && id <= end);
  }

  listen(_run: string, more: () => void): () => void {
    const timer = setInterval(more, pollInterval);
    return () => clearInterval(timer);
  }

  /** Who listens looks by themselves. */
  tell(): void {}

  async isOver(run: string): Promise<boolean> {
    const found = await this.#client.execute({
      sql: `SELECT 1 FROM runs WHERE id = ? AND (status IN ('queued', 'running') OR finished_at > ?)`,
      args: [run, Date.now() - lastWrite],
    });
    return found.rows.length === 0;
  }

  async forget(before: number): Promise<void> {
    await this.#client.execute({
      sql: `DELETE FROM run_events WHERE created_at < ? AND run NOT IN
            (SELECT id FROM runs WHERE status IN ('queued', 'running', 'waiting'))`,
      args: [before],
    });
  }
}
