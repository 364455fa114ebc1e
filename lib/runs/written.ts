import type { Run } from "#lib/access.ts";
import { agentIdOf } from "#lib/agents/answering.ts";
import { history } from "#lib/history.ts";
import { findBranch, lineage, slice } from "#lib/sessions/segments.ts";
import type { SessionState, StoredItem } from "#lib/sessions/store.ts";
import type { ThreadMessage } from "#lib/thread.ts";
import { project, type RunFacts } from "./project.ts";

/** The items that a run has stored so far, on its own branch. */
export async function writtenBy(run: Run, state: SessionState): Promise<StoredItem[]> {
  if (!state.branches.some((branch) => branch.id === run.branchId)) return [];
  const ranges = slice(lineage(state, run.branchId), run.position, findBranch(state, run.branchId).length);
  return (await history().read(run.conversationId, ranges)).filter((item) => item.run === run.id);
}

/** What these items of a run look like. */
export const messageOf = (run: RunFacts, items: readonly StoredItem[]): ThreadMessage | undefined =>
  project(items, [run], agentIdOf).at(-1);
