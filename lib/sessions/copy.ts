import { planImport, toDocument } from "./document.ts";
import { findBranch, reachable } from "./segments.ts";
import type { Change, SessionState, StoredItem } from "./store.ts";

/** Only what one branch goes through, as if there had never been another. */
export function onlyBranch(state: SessionState, branch: string): SessionState {
  const { id } = findBranch(state, branch);
  const branches = state.branches.filter((candidate) => candidate.id === id);
  return withReachableSummaries({ ...state, branches, current: id });
}

function withReachableSummaries(state: SessionState): SessionState {
  const reach = reachable(state);
  const summaries = state.summaries.filter(({ segment, position }) => position <= (reach.get(segment) ?? -1));
  return { ...state, summaries };
}

/**
 * The change that makes another session with the same history: all branches of `state`, under the
 * same names and with the same dates. Everything in it has an id of its own.
 *
 * @param items The items of `documentRanges(state)`.
 * @param runOf What a run is called in the copy.
 */
export function planCopy(
  state: SessionState,
  items: readonly StoredItem[],
  { at, runOf }: { at: number; runOf: (run: string) => string },
): Change {
  const renamed = items.map((item) => (item.run === null ? item : { ...item, run: runOf(item.run) }));
  const document = toDocument(withReachableSummaries(state), renamed, { exportedAt: at });
  return planImport({ ...document, metadata: {} }, at);
}
