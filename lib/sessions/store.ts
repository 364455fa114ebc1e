import type { AgentInputItem } from "@openai/agents";

/** A stretch of history that is only ever appended to. Positions in it start at `fork`. */
export interface Segment {
  id: string;
  /** The segment whose items come before this one's, or null at a root. */
  parent: string | null;
  /** The position at which this segment leaves its parent: its first own position. 0 at a root. */
  fork: number;
}

/** A name and a pointer into the segments, as a git ref points to a commit. */
export interface Branch {
  id: string;
  name: string;
  segment: string;
  /** How many items the history of this branch has, parents included: the next position to write. */
  length: number;
  /** Who answers next on this branch. The library carries it; it gives it no meaning. */
  agent: string | null;
  /** Milliseconds since 1970. */
  createdAt: number;
  /** Milliseconds since 1970. */
  updatedAt: number;
}

/** An overlay: "everything on this lineage before `position`, in short". Items stay. */
export interface Summary {
  id: string;
  segment: string;
  position: number;
  items: AgentInputItem[];
  createdAt: number;
}

/** All of a session but its items: what a reader needs to know which ranges to ask for. */
export interface SessionState {
  id: string;
  /** The id of the branch that is shown and written to when none is named. */
  current: string;
  branches: Branch[];
  segments: Segment[];
  summaries: Summary[];
  metadata: Record<string, unknown>;
  createdAt: number;
  updatedAt: number;
}

/** Items of one segment, `from` included, `to` excluded. */
export interface Range {
  segment: string;
  from: number;
  to: number;
}

/** What a run cost, in tokens and requests to the model. */
export interface Usage {
  requests: number;
  inputTokens: number;
  outputTokens: number;
  totalTokens: number;
  cachedInputTokens?: number;
  reasoningTokens?: number;
}

/** An entry of the history before it has a place, and who made it. */
export interface NewItem {
  item: AgentInputItem;
  agent: string | null;
  run: string | null;
  createdAt: number;
  /** The model that made it, where that is known. */
  model?: string | null;
  /** On the last item of what a run wrote: what had been used since the run last wrote. */
  usage?: Usage | null;
}

/** One immutable entry of the history, where it is and who made it. */
export interface StoredItem extends NewItem {
  segment: string;
  position: number;
}

/** Items for the end of a branch, wherever that is when the change is applied. */
export interface Append {
  branch: string;
  items: NewItem[];
  /** Who answers next on the branch; unchanged when absent. */
  agent?: string | null;
  /** Where the writer last saw the end: a store may try there first. A wrong one costs time, nothing else. */
  likely?: { segment: string; length: number };
}

/** What the writer saw. The change is refused when a branch named here is not exactly so any more. */
export interface Expectation {
  branch: string;
  segment: string;
  length: number;
}

/**
 * One atomic change. Everything in it happens, or nothing. The planners in `changes.ts` make
 * these from a state; a store only has to apply one, and can do so with `applyChange`.
 */
export interface Change {
  /** Names the change: the same id a second time does nothing and answers "repeated". */
  operation?: string;
  /** What the operation is about, kept beside its id, so that a reused id can be told from a repeated one. */
  digest?: string;
  /** True when this change creates the session; it is refused when the session exists already. */
  create?: boolean;
  expect?: Expectation[];
  /** The change is refused when this branch is not the current one any more. */
  expectCurrent?: string;
  /** The only part that needs no `expect`; it goes with no other part but `expectCurrent`. See `placeAppend`. */
  append?: Append;
  segments?: Segment[];
  items?: StoredItem[];
  /** New branches and changed ones, whole. */
  branches?: Branch[];
  removeBranches?: string[];
  /** Refused as a conflict while a remaining segment or branch depends on one of these rows. */
  removeItems?: Range[];
  /** The same items in the same places in other words: encrypted with another key. */
  replaceItems?: StoredItem[];
  /** Removed with their items. Refused as a conflict while a remaining segment or branch depends on one. */
  removeSegments?: string[];
  summaries?: Summary[];
  removeSummaries?: string[];
  current?: string;
  /** Replaces the metadata. */
  metadata?: Record<string, unknown>;
  /** When it happened, in milliseconds since 1970: becomes the session's last activity. */
  at: number;
}

export type CommitResult =
  /** `elsewhere`: an append did not go where it was likely to. */
  | { status: "done"; elsewhere?: true }
  /** The same operation id was committed before; nothing was written now. */
  | { status: "repeated"; digest?: string }
  /** What the change expected is not so any more; nothing was written. */
  | { status: "conflict"; reason: string };

/** Where sessions are kept. Implement it, pass `testSessionStore`, and every session works on it. */
export interface SessionStore {
  /** Which branches and segments there are and which is current, or undefined for no session. */
  load(session: string): Promise<SessionState | undefined>;
  /** The items of these ranges, range by range, by position. */
  read(session: string, ranges: readonly Range[]): Promise<StoredItem[]>;
  /**
   * A shortcut that a store may have: the items alone of the newest `count` positions of a branch
   * (of the current one when none is named; all of them for Infinity). Undefined when it can't say
   * by itself: when there are summaries, parents' items in that part, or items that can't be read.
   */
  newest?(session: string, branch: string | undefined, count: number): Promise<AgentInputItem[] | undefined>;
  /** Applies a change as a whole, or says why not. */
  commit(session: string, change: Change): Promise<CommitResult>;
  /** Removes the session and all that belongs to it; false when there was none. */
  remove(session: string): Promise<boolean>;
  /** Ids of sessions whose last activity is before `inactiveBefore` (ms), or all. */
  list(options?: { inactiveBefore?: number; prefix?: string }): AsyncIterable<string>;
  /** Idempotent. Never closes a client that was handed in. */
  close(): Promise<void>;
}
