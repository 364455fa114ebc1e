import type { Conversation, Owned } from "./access.ts";
import { notFound } from "./errors.ts";
import { history } from "./history.ts";
import { findBranch } from "./sessions/segments.ts";
import type { Branch, SessionState } from "./sessions/store.ts";

/** The state of a conversation's history. Throws when it is gone, which only damage can bring about. */
export async function stateOf(conversation: Owned<Conversation>): Promise<SessionState> {
  const state = await history().load(conversation.id);
  if (!state) throw new Error(`Conversation ${conversation.id} has no history.`);
  return state;
}

/** The branch with this id, or the current one when none is named. Throws `not_found`. */
export function branchOf(state: SessionState, id?: string): Branch {
  if (id !== undefined && !state.branches.some((branch) => branch.id === id)) throw notFound("branch");
  return findBranch(state, id);
}
