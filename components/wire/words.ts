import type { InboxNews } from "#lib/inbox-stream.ts";

/** What a tab and the hub say to each other. */

/** All that a tab wants from now on. What is not named any more is not wanted any more. */
export interface Wish {
  /** Whose news are wanted; null when none are. */
  inbox: string | null;
  /** Connections for runs. `first`: the run has had none yet. `open`: the connection stands. */
  turns: { key: number; first: boolean; open: boolean }[];
}

export type Word =
  /** The hub is alive: the answer to every wish. */
  | { type: "here" }
  /** News are coming from now on; what happened while they did not come is not told. */
  | { type: "ready" }
  | { type: "news"; news: InboxNews }
  /** There is room for this connection. */
  | { type: "turn"; key: number }
  /** Others wait, and this connection has stood for long enough. */
  | { type: "over"; key: number };
