import type { Client } from "@libsql/client";
import { log } from "#lib/log.ts";
import type { Chunk } from "../translate.ts";
import { type EventLog, flushInterval, frame, type Watcher } from "./log.ts";

interface LiveRun {
  /** Each event as JSON; event `n` stands at `n - 1`. */
  events: string[];
  durable: number;
  watchers: Set<Watcher>;
}

const pollInterval = 250;

/**
 * Events in a table, and straight from memory to whoever watches in this process. All runs are
 * written together: one statement for everything that came in the last moment.
 */
export class LibsqlEventLog implements EventLog {
  readonly #client: Client;
  readonly #live = new Map<string, LiveRun>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(client: Client) {
    this.#client = client;
  }

  append(run: string, chunks: readonly Chunk[]): void {
    if (chunks.length === 0) return;
    const live = this.#liveRun(run);
    let text = "";
    for (const chunk of chunks) {
      const json = JSON.stringify(chunk);
      live.events.push(json);
      text += frame(live.events.length, json);
    }
    for (const watcher of live.watchers) watcher.frames(text);
    this.#timer ??= setTimeout(() => void this.flush(), flushInterval);
  }

  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  async #write(): Promise<void> {
    const pending = [...this.#live].filter(([, live]) => live.events.length > live.durable);
    if (pending.length === 0) return;
    const written = pending.map(([run, live]) => ({ run, live, upTo: live.events.length }));
    const now = Date.now();
    try {
      await this.#client.execute({
        sql: `INSERT OR REPLACE INTO run_events (run, first, chunks, created_at) VALUES ${written.map(() => "(?, ?, ?, ?)").join(", ")}`,
        args: written.flatMap(({ run, live }) => [
          run,
          live.durable + 1,
          `[${live.events.slice(live.durable).join(",")}]`,
          now,
        ]),
      });
      for (const { live, upTo } of written) live.durable = upTo;
    } catch (error) {
      log().error({ err: error }, "run events could not be written; they are kept in memory and tried again");
      this.#timer ??= setTimeout(() => void this.flush(), flushInterval * 5);
    }
  }

  async finish(run: string): Promise<void> {
    const live = this.#live.get(run);
    if (!live) return;
    await this.flush();
    for (const watcher of live.watchers) watcher.end();
    live.watchers.clear();
    this.#live.delete(run);
  }

  watch(run: string, after: number, watcher: Watcher): () => void {
    const live = this.#live.get(run);
    if (!live) return this.#watchElsewhere(run, after, watcher);
    const missed = live.events.slice(after).map((json, index) => frame(after + index + 1, json));
    if (missed.length > 0) watcher.frames(missed.join(""));
    live.watchers.add(watcher);
    return () => live.watchers.delete(watcher);
  }

  /** The run ended, or another process executes it: its rows are all there is to see. */
  #watchElsewhere(run: string, after: number, watcher: Watcher): () => void {
    let left = false;
    const follow = async () => {
      let seen = after;
      let looksLeft = Number.POSITIVE_INFINITY;
      while (!left) {
        // The last events of a run are written a moment after its end: look twice more.
        if (looksLeft > 2 && !(await this.#isLive(run))) looksLeft = 2;
        const events = await this.#rows(run, seen);
        if (left) return;
        if (events.length > 0) watcher.frames(events.map(({ id, json }) => frame(id, json)).join(""));
        seen = events.at(-1)?.id ?? seen;
        if (looksLeft-- === 0 || events.at(-1)?.json.startsWith('{"type":"finish"')) return watcher.end();
        await new Promise((resolve) => setTimeout(resolve, pollInterval));
      }
    };
    follow().catch((error: unknown) => {
      log().error({ err: error, run }, "a run's events could not be read");
      watcher.end();
    });
    return () => {
      left = true;
    };
  }

  async #isLive(run: string): Promise<boolean> {
    const found = await this.#client.execute({
      sql: "SELECT 1 FROM runs WHERE id = ? AND status IN ('queued', 'running', 'waiting')",
      args: [run],
    });
    return found.rows.length > 0;
  }

  async #rows(run: string, after: number): Promise<{ id: number; json: string }[]> {
    const found = await this.#client.execute({
      sql: `SELECT first, chunks FROM run_events WHERE run = ? AND first >=
            coalesce((SELECT max(first) FROM run_events WHERE run = ? AND first <= ?), 0) ORDER BY first`,
      args: [run, run, after + 1],
    });
    return found.rows
      .flatMap((row) => {
        const chunks: unknown[] = JSON.parse(String(row.chunks));
        return chunks.map((chunk, index) => ({ id: Number(row.first) + index, json: JSON.stringify(chunk) }));
      })
      .filter(({ id }) => id > after);
  }

  async read(run: string): Promise<Chunk[]> {
    const rows = await this.#rows(run, 0);
    return rows.map(({ json }): Chunk => JSON.parse(json));
  }

  async adopt(run: string): Promise<void> {
    const rows = await this.#rows(run, 0);
    const live = this.#liveRun(run);
    live.events = rows.map(({ json }) => json);
    live.durable = rows.length;
  }

  async forget(before: number): Promise<void> {
    await this.#client.execute({
      sql: `DELETE FROM run_events WHERE created_at < ? AND run NOT IN
            (SELECT id FROM runs WHERE status IN ('queued', 'running', 'waiting'))`,
      args: [before],
    });
  }

  #liveRun(run: string): LiveRun {
    let live = this.#live.get(run);
    if (!live) {
      live = { events: [], durable: 0, watchers: new Set() };
      this.#live.set(run, live);
    }
    return live;
  }
}
