import { log } from "#lib/log.ts";
import { followingFrom, frames, isFinish, isLast, isStart, type LoggedEvent } from "./logged.ts";
import type { EventStore } from "./store.ts";
import type { Watcher } from "./watcher.ts";

/** Why the store is looked at: there is more, or nothing says that there is, so the run may be over. */
type Reason = "more" | "doubt";

/** A run that ended, or that another process executes, as one watches it: what the store has is all there is to see. */
export class WatchElsewhere {
  readonly #store: EventStore;
  readonly #run: string;
  readonly #watcher: Watcher;
  readonly #unlisten: () => void;
  #seen: number;
  #last: string | undefined;
  #began = 0;
  #left = false;
  #looking = false;
  /** Why it is to be looked at once more. */
  #next: Reason | undefined;
  /** The store does not answer, and somebody was told. */
  #complained = false;

  /** `after`: the number of the last event that `watcher` has. */
  constructor(store: EventStore, run: string, after: number, watcher: Watcher) {
    this.#store = store;
    this.#run = run;
    this.#watcher = watcher;
    this.#seen = after;
    this.#unlisten = store.listen(run, (told) => (told ? this.#hear(told) : void this.#look("doubt")));
    void this.#look("doubt");
  }

  leave(): void {
    this.#left = true;
    this.#unlisten();
  }

  /** What is told follows on what was seen, or is read with what is missing before it. */
  #hear(told: readonly LoggedEvent[]): void {
    const unseen = told.filter(({ id }) => id > this.#seen);
    if (unseen.length === 0) return;
    const next = this.#looking ? [] : followingFrom(this.#seen, unseen);
    this.#show(next);
    if (next.length === 0 || isLast(this.#last)) void this.#look("more");
  }

  /** One look at a time: who wants another meanwhile has it right after. */
  async #look(why: Reason): Promise<void> {
    this.#next = this.#next === "doubt" ? "doubt" : why;
    if (this.#looking) return;
    this.#looking = true;
    try {
      while (this.#next && !this.#left) {
        const reason = this.#next;
        this.#next = undefined;
        await this.#lookOnce(reason);
      }
      this.#complained = false;
    } catch (error) {
      // The next word, or the next look, tries again.
      if (!this.#complained)
        log().warn({ err: error, run: this.#run }, "a run's events could not be read; they are asked for again");
      this.#complained = true;
    } finally {
      this.#looking = false;
    }
  }

  async #lookOnce(why: Reason): Promise<void> {
    const found = await this.#read();
    // Asking whether that was all costs more than looking: only where nothing new came, or what may be the last.
    const asks = isLast(this.#last) || (why === "doubt" && !found);
    const over = asks && !isFinish(this.#last) && (await this.#store.isOver(this.#run));
    // What was written just before it was over is there now.
    if (over) await this.#read();
    if (this.#left || !(over || isFinish(this.#last))) return;
    this.leave();
    this.#watcher.end({ last: this.#seen, whole: isLast(this.#last), began: this.#began });
  }

  /** Shows what is new; false when nothing is. */
  async #read(): Promise<boolean> {
    const events = followingFrom(this.#seen, await this.#store.read(this.#run, this.#seen));
    this.#show(events);
    return events.length > 0;
  }

  #show(events: readonly LoggedEvent[]): void {
    const last = events.at(-1);
    if (!last || this.#left) return;
    this.#seen = last.id;
    this.#last = last.json;
    this.#began = events.findLast(isStart)?.id ?? this.#began;
    this.#watcher.frames(frames(events));
  }
}
