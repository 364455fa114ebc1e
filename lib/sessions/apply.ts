import type { Branch, Change, Segment, SessionState, StoredItem } from "./store.ts";

/** A change whose `append` has become items at their places, for stores that apply changes one at a time. */
export function placeAppend(state: SessionState | undefined, change: Change): Change {
  const { append, ...rest } = change;
  const head = state?.branches.find(({ id }) => id === append?.branch);
  if (!append || !head) return change;
  return {
    ...rest,
    items: append.items.map((item, index) => ({ ...item, segment: head.segment, position: head.length + index })),
    branches: [
      {
        ...head,
        length: head.length + append.items.length,
        agent: append.agent === undefined ? head.agent : append.agent,
        updatedAt: Math.max(head.updatedAt, change.at),
      },
    ],
  };
}

/** Why a change can't be applied to a session, or undefined when it can. */
export function findConflict(state: SessionState | undefined, change: Change): string | undefined {
  if (change.create) return state ? "The session exists already." : undefined;
  if (!state) return "The session does not exist.";
  if (change.append) return `Branch ${change.append.branch} does not exist any more.`;
  if (change.expectCurrent !== undefined && change.expectCurrent !== state.current) {
    return "Another branch has become the current one.";
  }
  for (const { branch, segment, length } of change.expect ?? []) {
    const head = state.branches.find((candidate) => candidate.id === branch);
    if (!head) return `Branch ${branch} does not exist any more.`;
    if (head.segment !== segment || head.length !== length) return `Branch "${head.name}" has moved on.`;
  }
  const next = merge(state, change);
  if (new Set(next.branches.map(({ name }) => name)).size < next.branches.length) {
    return "There is a branch with this name already.";
  }
  if (!next.branches.some(({ id }) => id === next.current)) return "The current branch would be gone.";
  return findDependent(next.branches, next.segments, change);
}

function findDependent(branches: Branch[], segments: Segment[], change: Change): string | undefined {
  // A branch that is changed along with it was expected as it is, and may have got other items in their place.
  const changed = new Set(change.branches?.map(({ id }) => id));
  const gone = [
    ...(change.removeItems ?? []),
    ...(change.removeSegments ?? []).map((segment) => ({ segment, from: -1 })),
  ];
  const needed = gone.some(
    ({ segment, from }) =>
      segments.some(({ parent, fork }) => parent === segment && fork > from) ||
      branches.some((branch) => !changed.has(branch.id) && branch.segment === segment && branch.length > from),
  );
  return needed ? "Another branch depends on what would be removed." : undefined;
}

/** The state after a change that `findConflict` has nothing against. */
export function applyChange(session: string, state: SessionState | undefined, change: Change): SessionState {
  const empty: SessionState = {
    id: session,
    current: "",
    branches: [],
    segments: [],
    summaries: [],
    metadata: {},
    createdAt: change.at,
    updatedAt: change.at,
  };
  return merge(state ?? empty, change);
}

function merge(state: SessionState, change: Change): SessionState {
  const removedBranches = new Set(change.removeBranches);
  const removedSegments = new Set(change.removeSegments);
  const removedSummaries = new Set(change.removeSummaries);
  return {
    ...state,
    current: change.current ?? state.current,
    branches: upsert(
      state.branches.filter(({ id }) => !removedBranches.has(id)),
      change.branches ?? [],
    ),
    segments: [...state.segments.filter(({ id }) => !removedSegments.has(id)), ...(change.segments ?? [])],
    summaries: [
      ...state.summaries.filter(({ id, segment }) => !removedSummaries.has(id) && !removedSegments.has(segment)),
      ...(change.summaries ?? []),
    ],
    metadata: change.metadata ?? state.metadata,
    updatedAt: Math.max(state.updatedAt, change.at),
  };
}

function upsert(branches: readonly Branch[], changed: readonly Branch[]): Branch[] {
  const byId = new Map(branches.map((branch) => [branch.id, branch]));
  for (const branch of changed) byId.set(branch.id, branch);
  return [...byId.values()];
}

/** The items of one session, by segment, each list by position. */
export type ItemsBySegment = Map<string, StoredItem[]>;

/** Applies the items of a change in place, for stores that keep them in memory. */
export function applyItems(items: ItemsBySegment, change: Change): void {
  for (const segment of change.removeSegments ?? []) items.delete(segment);
  for (const { segment, from, to } of change.removeItems ?? []) {
    const kept = items.get(segment)?.filter(({ position }) => position < from || position >= to);
    if (kept) items.set(segment, kept);
  }
  for (const item of change.replaceItems ?? []) {
    const list = items.get(item.segment) ?? [];
    const index = list.findIndex(({ position }) => position === item.position);
    if (index >= 0) list[index] = item;
  }
  for (const item of change.items ?? []) {
    const list = items.get(item.segment);
    if (list) list.push(item);
    else items.set(item.segment, [item]);
  }
}

/**
 * All that a store has to do for a change, for stores that keep a session in one piece: places
 * its append, looks for a conflict, and gives what to keep then.
 *
 * @param kept What there is: an undefined state for no session. `items` is changed in place.
 */
export function applyTo(
  kept: { state: SessionState | undefined; items: ItemsBySegment },
  session: string,
  change: Change,
): { state: SessionState; items: ItemsBySegment } | { conflict: string } {
  const placed = placeAppend(kept.state, change);
  const conflict = findConflict(kept.state, placed);
  if (conflict !== undefined) return { conflict };
  applyItems(kept.items, placed);
  return { state: applyChange(session, kept.state, placed), items: kept.items };
}

/**
 * Two changes as one: the second was planned on the state that the first leads to
 * (`applyChange`), and either both happen or none.
 */
export function combine(first: Change, second: Change): Change {
  const made = new Set(first.branches?.map(({ id }) => id));
  const dropped = second.removeItems ?? [];
  const gone = new Set(second.removeSegments);
  const isDropped = ({ segment, position }: StoredItem) =>
    gone.has(segment) ||
    dropped.some((range) => range.segment === segment && position >= range.from && position < range.to);
  const removedLater = new Set(second.removeBranches);
  const createdSegments = new Set(first.segments?.map(({ id }) => id));
  return {
    ...first,
    ...second,
    expect: [...(first.expect ?? []), ...(second.expect ?? []).filter(({ branch }) => !made.has(branch))].filter(
      (one, index, all) => all.findIndex(({ branch }) => branch === one.branch) === index,
    ),
    segments: [...(first.segments ?? []).filter(({ id }) => !gone.has(id)), ...(second.segments ?? [])],
    items: [...(first.items ?? []).filter((item) => !isDropped(item)), ...(second.items ?? [])],
    branches: upsert(
      (first.branches ?? []).filter(({ id }) => !removedLater.has(id)),
      second.branches ?? [],
    ),
    removeBranches: [...(first.removeBranches ?? []), ...removedLater],
    removeItems: [...(first.removeItems ?? []), ...dropped.filter(({ segment }) => !createdSegments.has(segment))],
    removeSegments: [...(first.removeSegments ?? []), ...[...gone].filter((id) => !createdSegments.has(id))],
    summaries: [...(first.summaries ?? []), ...(second.summaries ?? [])].filter(
      ({ id }) => !second.removeSummaries?.includes(id),
    ),
    removeSummaries: [...(first.removeSummaries ?? []), ...(second.removeSummaries ?? [])],
    at: Math.max(first.at, second.at),
  };
}
