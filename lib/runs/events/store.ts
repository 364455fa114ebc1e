import type { LoggedEvent } from "./logged.ts";

/** What one run has streamed since the last write: event `first` and those after it. */
export interface EventBatch {
  run: string;
  first: number;
  events: readonly string[];
}

/** Where run events are kept for other processes, for who reconnects, and for who recovers a run. */
export interface EventStore {
  /** How long events may wait to be written together, in milliseconds. */
  readonly interval: number;
  /**
   * Writes all of it or throws; the same batch a second time does no harm. Answers the runs whose earlier events are
   * not there any more: those are wanted again from the first on.
   */
  write(batches: readonly EventBatch[]): Promise<readonly string[]>;
  /** The events after number `after`, by number. */
  read(run: string, after: number): Promise<LoggedEvent[]>;
  /**
   * Calls `more` with what is new, or with nothing when there may be something new to read. Returns how to stop it.
   */
  listen(run: string, more: (told?: readonly LoggedEvent[]) => void): () => void;
  /** Makes who listens elsewhere look again, although nothing new was written. */
  tell(run: string): void;
  /** True when no more events come: the run waits for a person, or ended long enough ago for its last ones to have been written. */
  isOver(run: string): Promise<boolean>;
  /** Removes the events of ended runs that were written before `before` (ms). */
  forget(before: number): Promise<void>;
}
