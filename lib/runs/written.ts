import type { Run } from "#lib/access.ts";
import { agentIdOf } from "#lib/agents/answering.ts";
import { history } from "#lib/history.ts";
import { findBranch, lineage, slice } from "#lib/sessions/segments.ts";
import type { SessionState, StoredItem } from "#lib/sessions/store.ts";
import type { ThreadMessage } from "#lib/thread.ts";
import { chunksOf } from "./draw.ts";
import { project, type RunFacts, runMetadata } from "./project.ts";
import type { Chunk } from "./translate.ts";

/** The items that a run has stored so far, on its own branch. */
export async function writtenBy(run: Run, state: SessionState): Promise<StoredItem[]> {
  if (!state.branches.some((branch) => branch.id === run.branchId)) return [];
  const ranges = slice(lineage(state, run.branchId), run.position, findBranch(state, run.branchId).length);
  return (await history().read(run.conversationId, ranges)).filter((item) => item.run === run.id);
}

/** What these items of a run look like; one that has written nothing has a message too, which says how it went. */
export function messageOf(run: RunFacts, items: readonly StoredItem[]): ThreadMessage {
  const { id, agent, position } = run;
  const nothing = { agent, position, end: position, ...runMetadata(run) };
  return project(items, [run], agentIdOf).at(-1) ?? { id, role: "assistant", parts: [], metadata: nothing };
}

/** The run's message as the chunks that would have drawn it. */
export async function drawnChunks(run: Run): Promise<Chunk[]> {
  const state = await history().load(run.conversationId);
  return chunksOf(state && messageOf(run, await writtenBy(run, state)), run);
}
