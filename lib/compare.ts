import type { Conversation, Owned } from "./access.ts";
import { stateOf } from "./branch-state.ts";
import { openThread } from "./open-thread.ts";
import { partingOf } from "./sessions/segments.ts";
import type { Thread, ThreadMessage } from "./thread.ts";

/** One of two branches, from where they part. */
export interface Side {
  id: string;
  name: string;
  messages: ThreadMessage[];
}

export interface Comparison {
  /** How many messages stand before the place where they part. */
  shared: number;
  left: Side;
  right: Side;
  branches: { id: string; name: string }[];
}

/** Two branches of a conversation side by side. Throws `not_found` for a branch that is not there. */
export async function compareBranches(
  conversation: Owned<Conversation>,
  leftId: string,
  rightId: string,
): Promise<Comparison> {
  const [left, right, state] = await Promise.all([
    openThread(conversation, { branch: leftId, whole: true }),
    openThread(conversation, { branch: rightId, whole: true }),
    stateOf(conversation),
  ]);
  const parting = partingOf(state, leftId, rightId);
  return {
    shared: left.messages.filter((message) => endOf(message) <= parting).length,
    left: sideOf(left, parting),
    right: sideOf(right, parting),
    branches: left.branches,
  };
}

const endOf = ({ metadata }: ThreadMessage): number => metadata?.end ?? 0;

function sideOf({ branch, messages }: Thread, parting: number): Side {
  return { id: branch.id, name: branch.name, messages: messages.filter((message) => endOf(message) > parting) };
}
