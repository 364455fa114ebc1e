import type { InboxNews } from "#lib/inbox-stream.ts";
import type { ServerSentEvent } from "./follow.ts";

/** What a tab and the hub say to each other. */

/** All that a tab wants from now on. What is not named any more is not wanted any more. */
export interface Wish {
  /** Whose news are wanted; null when none are. */
  inbox: string | null;
  /** Runs to be followed from the event after `after`. The key names this wish among those of the tab. */
  runs: { key: number; run: string; after: number }[];
}

export type Word =
  /** The hub is alive: the answer to every wish. */
  | { type: "here" }
  /** News are coming from now on; what happened while they did not come is not told. */
  | { type: "ready" }
  | { type: "news"; news: InboxNews }
  | { type: "events"; key: number; events: ServerSentEvent[] }
  | { type: "lost"; key: number; lost: boolean }
  | { type: "done"; key: number }
  /** The run cannot be followed any further; `problem` says why. */
  | { type: "refused"; key: number; problem: string };
