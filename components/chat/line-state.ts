import type { Outcome } from "#lib/guard.ts";
import type { SendResult, ThreadWindow, WaitingMessage } from "#lib/thread.ts";
import type { ThreadChunk } from "./chunk.ts";
import type { Held } from "./held.ts";

/** What a line asks of the server: the server actions and the stream, or stand-ins of a test. */
export interface Calls {
  send: (input: {
    operation: string;
    text: string;
    agent?: string;
    conversation?: string;
    branch?: string;
    length?: number;
    at?: number;
    namespace?: string;
  }) => Promise<Outcome<SendResult>>;
  tryAgain: (input: {
    operation: string;
    conversation: string;
    branch: string;
    position: number;
  }) => Promise<Outcome<SendResult>>;
  stop: (run: string) => Promise<boolean>;
  decide: (input: { id: string; call: string; approved: boolean }) => Promise<Outcome<{ goesOn: boolean }>>;
  queue: (input: {
    operation: string;
    conversation: string;
    branch: string;
    text: string;
    agent?: string;
  }) => Promise<Outcome<WaitingMessage>>;
  editQueued: (input: { id: string; text: string; was: string }) => Promise<Outcome<WaitingMessage>>;
  unqueue: (input: { id: string }) => Promise<Outcome<void>>;
  sendQueued: (place: { conversation: string; branch: string }) => Promise<Outcome<void>>;
  follow: (
    run: string,
    options: { signal: AbortSignal; onLost: (lost: boolean) => void },
  ) => AsyncIterable<ThreadChunk>;
  /** Fetches messages from the middle of a branch; fails when they can't be had. */
  fetch: (place: { conversation: string; branch: string }, at: At) => Promise<ThreadWindow>;
}

/** Which messages are asked for. */
export type At = { before: number } | { after: number } | { around: number };

/** Where more of the thread is to be had. */
export type Edge = "earlier" | "later";

/** A message that is being written anew, by its place in the branch; `problem` when sending it has failed. */
export interface Edit {
  position: number;
  text: string;
  problem?: string;
}

/** What the server says of a conversation and one of its branches. */
export interface News {
  title: string;
  /** The run that is live on the branch. */
  run: string | null;
  /** The run that was the last to begin in the conversation, on whatever branch. */
  newest: string | null;
  queue: readonly WaitingMessage[];
}

/** What the screen shows of a line. */
export interface LineState extends Held {
  /** The edge at which more is being fetched. */
  fetching: Edge | null;
  /** The edge at which more could not be fetched. */
  unfetched: Edge | null;
  /** The conversation and branch at the other end; null before the first message. */
  place: { conversation: string; branch: string } | null;
  editing: Edit | null;
  /** Sent during an answer: the server sends them on when it is done. */
  queue: readonly WaitingMessage[];
  /** Who answers next. */
  agent: string;
  /** The person has chosen them, and nothing was sent since: else it is whoever has the word by then. */
  chosen: boolean;
  /** An answer is on its way, being written, or waiting for the person. */
  live: boolean;
  /** It waits for the person: nothing is written until they have decided. */
  waiting: boolean;
  /** The run that writes it, once the server has named it. */
  run: string | null;
  stopping: boolean;
  /** Something of an answer has come here. */
  heard: boolean;
  /** The connection broke off and is being made again. */
  lost: boolean;
  /** What the conversation is called; null before the first message. */
  title: string | null;
  /** How many runs have ended here. */
  ended: number;
  /** How often the server was found to know more than is shown: other versions, other branches. */
  outdated: number;
  /** Why the answer could not be followed any further. */
  problem: string | null;
}

export const noState: LineState = {
  messages: [],
  from: 0,
  away: null,
  fetching: null,
  unfetched: null,
  place: null,
  editing: null,
  queue: [],
  agent: "assistant",
  chosen: false,
  live: false,
  waiting: false,
  run: null,
  stopping: false,
  heard: false,
  lost: false,
  title: null,
  ended: 0,
  outdated: 0,
  problem: null,
};

export const unreachable = {
  ok: false as const,
  error: {
    code: "unavailable" as const,
    message: "The server cannot be reached. Your message is still here; check the connection and send it again.",
  },
};
