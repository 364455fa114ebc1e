import type { UIMessage } from "ai";

/** What a screen shows of a history: one message for each of the person's turns and one for each run's answer. */

export interface MessageMetadata {
  /** Who wrote it: an agent's id, or null for the person. A hand-off inside an answer is a `data-handoff` part. */
  agent: string | null;
  /** The run that made it; absent for what was imported. */
  run?: string;
  /** The position of its first item in the branch. */
  position: number;
  /** The position after its last item. */
  end: number;
  createdAt: number;
  model?: string;
  /** How long the answer took, in milliseconds. */
  duration?: number;
  /** How the run stands, once it has come to rest: ended, or waiting for the person. `running` when it goes on from there. */
  status?: "running" | "waiting" | "completed" | "failed" | "stopped" | "interrupted";
  /** Why the run failed, as one sentence. */
  error?: { code: string; message: string };
  /** What the conversation is called from now on: the first exchange has given it a title. */
  title?: string;
  /** Set where branches part at this message: "2 / 3" and the branches beside it. */
  versions?: { index: number; count: number; previous?: string; next?: string };
}

/** A type, not an interface: only so does it count as a record, and each part's data keeps its own type. */
export type ThreadData = {
  /** One agent put the person through to another. */
  handoff: { from: string; to: string };
};

export type ThreadMessage = UIMessage<MessageMetadata, ThreadData>;

/** A message that waits for the answer before it. */
export interface WaitingMessage {
  /** The id of the run that it will become. */
  id: string;
  text: string;
  agent: string | null;
  createdAt: number;
}

/** All that a page needs to show a conversation. */
export interface Thread {
  conversation: { id: string; title: string; namespace: string; archived: boolean };
  branch: { id: string; name: string; length: number; agent: string };
  branches: { id: string; name: string; length: number; updatedAt: number }[];
  /** The newest messages; there are earlier ones unless `from` is 0. */
  messages: ThreadMessage[];
  /** The position at which they begin. */
  from: number;
  /** The live run of this branch, to be watched from its first event; one that waits for the person stands in the messages. */
  run: { id: string; position: number; waiting: boolean } | null;
  /** Sent while an answer was being written, the next one first. */
  queue: WaitingMessage[];
}

/** Whole messages from the middle of a branch. */
export interface ThreadWindow {
  messages: ThreadMessage[];
  /** The position at which they begin. */
  from: number;
  /** The position after them. */
  to: number;
}

/** What a model sent or what went wrong, as the screen says it under the last message. */
export type SendResult = {
  conversation: string;
  branch: string;
  run: string;
  /** Where the person's message stands in the branch. */
  position: number;
  /** Other branches may go another way here: there are versions, of which a page tells. */
  parts: boolean;
};
