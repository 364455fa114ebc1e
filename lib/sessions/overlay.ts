import type { AgentInputItem } from "@openai/agents";
import { sanitise, takeLastOf } from "./sanitise.ts";
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

// Items before the first one, to see whether it belongs to them.
const SPARE = 2;
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
  for (let size = (limit ?? length) + SPARE; ; size *= 2) {
    const from = Math.max(start, length - size);
    const read = (await store.read(state.id, slice(ranges, from, length))).map(({ item }) => item);
    const isAll = from === start;
    const view = cut(isAll && summary ? [...summary.items, ...read] : read, limit, isAll || size > FURTHEST);
    if (view) return view;
  }
}

/** The same by the shortcut of a store that has one, or undefined when that does not reach. */
export async function readNewest(
  store: SessionStore,
  session: string,
  branch: string | undefined,
  limit: number | undefined,
): Promise<AgentInputItem[] | undefined> {
  if (!store.newest || (limit !== undefined && !(limit > 0))) return undefined;
  const items = await store.newest(session, branch, limit === undefined ? Number.POSITIVE_INFINITY : limit + SPARE);
  return items && cut(items, limit, limit === undefined || items.length < limit + SPARE);
}

/** The view of these items, or undefined when it takes the items before them to tell. */
function cut(
  items: readonly AgentInputItem[],
  limit: number | undefined,
  isAll: boolean,
): AgentInputItem[] | undefined {
  return limit === undefined ? sanitise(items, { keepPending: true }) : takeLastOf(items, limit, isAll);
}
