import type { Client } from "@libsql/client";
import { conceal, reveal } from "../conceal.ts";
import type { EventBatch, EventStore, LoggedEvent } from "./store.ts";

const pollInterval = 250;
/** The last events of a run are written at most this long after its end, in milliseconds. */
const lastWrite = 1000;

/** Run events in a table: one row holds what came in one moment. Other processes look at it in turns. */
export class LibsqlEventStore implements EventStore {
  /** A crash may cost a quarter of a second of text: this leaves a busy process some of it to get to the writing. */
  readonly interval = 150;
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  async write(batches: readonly EventBatch[]): Promise<readonly string[]> {
    const rows = batches.map(({ run, first, events }) => [
      run,
      first,
      conceal(`[${events.join(",")}]`, `${run}:${first}`),
    ]);
    // As one value, so that the statement is the same for any number of runs and stays prepared.
    await this.#client.execute({
      sql: `INSERT OR REPLACE INTO run_events (run, first, chunks, created_at)
            SELECT value ->> 0, value ->> 1, value ->> 2, ? FROM json_each(?)`,
      args: [Date.now(), JSON.stringify(rows)],
    });
    return [];
  }

  async read(run: string, after: number): Promise<LoggedEvent[]> {
    const found = await this.#client.execute({
      sql: `SELECT first, chunks FROM run_events WHERE run = ? AND first >=
            coalesce((SELECT max(first) FROM run_events WHERE run = ? AND first <= ?), 0) ORDER BY first`,
      args: [run, run, after + 1],
    });
    return found.rows
      .flatMap((row) => {
        const first = Number(row.first);
        const chunks: unknown[] = JSON.parse(reveal(String(row.chunks), `${run}:${first}`));
        return chunks.map((chunk, index) => ({ id: first + index, json: JSON.stringify(chunk) }));
      })
      .filter(({ id }) => id > after);
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
