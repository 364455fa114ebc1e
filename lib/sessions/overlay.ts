import type { AgentInputItem } from "@openai/agents";
import { findLastOrphan, sanitise, takeLast } from "./sanitise.ts";
import { findBranch, lineage, slice } from "./segments.ts";
import type { SessionState, SessionStore, Summary } from "./store.ts";

/** The summary that stands for the start of a branch: of those on its lineage, the furthest, then the newest. */
export function summaryOf(state: SessionState, branch?: string): Summary | undefined {
  const ranges = lineage(state, findBranch(state, branch).id);
  let best: Summary | undefined;
  for (const summary of state.summaries) {
    const covers = ranges.some(
      ({ segment, from, to }) => segment === summary.segment && summary.position > from && summary.position <= to,
    );
    if (covers && (!best || summary.position >= best.position)) best = summary;
  }
  return best;
}

const SPARE = 16;
const FURTHEST = 4096;

/**
 * What a model gets of a branch: the summary if there is one, what came after it, and of that
 * only what is valid; with a limit, the newest.
 */
export async function readView(
  store: SessionStore,
  state: SessionState,
  branch: string,
  limit?: number,
): Promise<AgentInputItem[]> {
  if (limit !== undefined && !(limit > 0)) return [];
  const { length } = findBranch(state, branch);
  const ranges = lineage(state, branch);
  const summary = state.summaries.length > 0 ? summaryOf(state, branch) : undefined;
  const start = summary?.position ?? 0;
  const least = limit ?? length;
  for (let size = least + SPARE; ; size *= 2) {
    const from = Math.max(start, length - size);
    const read = (await store.read(state.id, slice(ranges, from, length))).map(({ item }) => item);
    const isAll = from === start;
    const items = isAll && summary ? [...summary.items, ...read] : read;
    const valid = sanitise(items, { keepPending: true });
    if (limit === undefined) return valid;
    // A result may answer a call before the window: then the window has to be larger to tell.
    const reaches = valid.length >= limit && (findLastOrphan(items) < items.length - limit || size > FURTHEST);
    if (isAll || reaches) return takeLast(valid, limit);
  }
}
