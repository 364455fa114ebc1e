/** Who watches a run. `frames` are complete lines of the wire, in order, each event once. */
export interface Watcher {
  frames(text: string): void;
  end(ending: WatchEnd): void;
}

/** Nothing more will come after event number `last`; not `whole` where the rest of the events is lost. */
export interface WatchEnd {
  last: number;
  whole: boolean;
  /** Where another process wrote the events: the last one shown with which the message began. It may have lost the run. */
  began?: number;
}
