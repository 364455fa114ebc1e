import { log } from "#lib/log.ts";
import type { Chunk } from "../translate.ts";
import { WatchElsewhere } from "./elsewhere.ts";
import { followingFrom, frame, isLast } from "./logged.ts";
import type { EventStore } from "./store.ts";
import type { Watcher } from "./watcher.ts";

interface LiveRun {
  /** Each event as JSON; event `n` stands at `n - 1`. */
  events: string[];
  durable: number;
  watchers: Set<Watcher>;
}

/**
 * The log of what runs have streamed, and the way to everybody who watches. Events of a run are
 * numbered from 1. Who watches in this process is served from memory at once; the store makes
 * everything durable a moment later, all runs together, and serves other processes.
 */
export class EventLog {
  readonly #store: EventStore;
  readonly #live = new Map<string, LiveRun>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(store: EventStore) {
    this.#store = store;
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
    this.#schedule(this.#store.interval);
  }

  /** Writes what is not durable yet, of one run alone where one is named: the others have their own moment. */
  flush(run?: string): Promise<void> {
    if (run === undefined) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
    this.#writing = this.#writing.then(() => this.#write(run));
    return this.#writing;
  }

  /** The run has ended: everything is durable, and everybody who watches is told. */
  async finish(run: string): Promise<void> {
    const live = this.#live.get(run);
    if (!live) return;
    await this.flush(run);
    // Once more where the store had lost what came before.
    if (live.durable < live.events.length) await this.flush(run);
    // It may have gone on meanwhile, and who watches with it.
    if (this.#live.get(run) !== live) return;
    this.#live.delete(run);
    const ending = { last: live.events.length, whole: isLast(live.events.at(-1)) };
    for (const watcher of live.watchers) watcher.end(ending);
    live.watchers.clear();
  }

  /** The run waits for a person: everybody who watches is told, here and elsewhere. It may go on later. */
  async rest(run: string): Promise<void> {
    await this.finish(run);
    this.#store.tell(run);
  }

  /** Gives `watcher` all events after number `after`, then each new one. Returns how to leave. */
  watch(run: string, after: number, watcher: Watcher): () => void {
    const live = this.#live.get(run);
    if (!live) {
      const elsewhere = new WatchElsewhere(this.#store, run, after, watcher);
      return () => elsewhere.leave();
    }
    const missed = live.events.slice(after).map((json, index) => frame(after + index + 1, json));
    if (missed.length > 0) watcher.frames(missed.join(""));
    live.watchers.add(watcher);
    return () => live.watchers.delete(watcher);
  }

  /** All events that are durable, for who takes over after a crash. */
  async read(run: string): Promise<Chunk[]> {
    const events = followingFrom(0, await this.#store.read(run, 0));
    return events.map(({ json }): Chunk => JSON.parse(json));
  }

  /** Goes on with the numbering of a run that was begun elsewhere or earlier. Answers how many events there are. */
  async adopt(run: string): Promise<number> {
    const events = followingFrom(0, await this.#store.read(run, 0)).map(({ json }) => json);
    const watchers = this.#live.get(run)?.watchers ?? new Set();
    this.#live.set(run, { events, durable: events.length, watchers });
    return events.length;
  }

  /** Forgets the events of ended runs that were written before `before` (ms). */
  forget(before: number): Promise<void> {
    return this.#store.forget(before);
  }

  /** How many runs are kept in memory, and how many watch them. */
  get size(): { runs: number; watchers: number } {
    const watchers = [...this.#live.values()].reduce((sum, live) => sum + live.watchers.size, 0);
    return { runs: this.#live.size, watchers };
  }

  #schedule(delay: number): void {
    this.#timer ??= setTimeout(() => void this.flush(), delay);
  }

  async #write(only: string | undefined): Promise<void> {
    const pending = [...this.#live]
      .filter(([run, live]) => live.events.length > live.durable && (only === undefined || run === only))
      .map(([run, live]) => ({ run, live, first: live.durable + 1, events: live.events.slice(live.durable) }));
    if (pending.length === 0) return;
    try {
      const lost = await this.#store.write(pending);
      for (const { live, events } of pending) live.durable += events.length;
      for (const run of lost) this.#beginAgain(run);
    } catch (error) {
      log().error({ err: error }, "run events could not be written; they are kept in memory and tried again");
      this.#schedule(1000);
    }
  }

  /** The store has lost what it had of a run. It is all here still, unless another process has begun the run. */
  #beginAgain(run: string): void {
    const live = this.#live.get(run);
    if (!live) return;
    live.durable = 0;
    this.#schedule(0);
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
