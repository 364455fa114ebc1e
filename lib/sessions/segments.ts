import { SessionError } from "./errors.ts";
import type { Branch, Range, Segment, SessionState } from "./store.ts";

/** The branch with this id, or the current one when none is named. */
export function findBranch(state: SessionState, branch: string = state.current): Branch {
  const found = state.branches.find((candidate) => candidate.id === branch);
  if (!found) {
    throw new SessionError("branch_missing", `There is no branch ${branch} in session ${state.id}. List the branches.`);
  }
  return found;
}

/**
 * Where the history of a branch is stored: one range for each segment that has items in it,
 * root first. The ranges follow each other without a gap from 0 to the branch's length.
 */
export function lineage(state: SessionState, branch?: string): Range[] {
  const { segment, length } = findBranch(state, branch);
  return walk(indexSegments(state.segments), segment, length);
}

/** As `lineage`, for any point: the first `length` items as seen from `segment`. */
export function lineageOf(segments: readonly Segment[], segment: string, length: number): Range[] {
  return walk(indexSegments(segments), segment, length);
}

function indexSegments(segments: readonly Segment[]): Map<string, Segment> {
  return new Map(segments.map((segment) => [segment.id, segment]));
}

function walk(segments: ReadonlyMap<string, Segment>, tip: string, length: number): Range[] {
  const ranges: Range[] = [];
  let id: string | null = tip;
  let to = length;
  while (id !== null && to > 0) {
    const segment: Segment | undefined = segments.get(id);
    if (!segment) throw new SessionError("unreadable", `Segment ${id} is missing: the history before ${to} is lost.`);
    if (to > segment.fork) ranges.push({ segment: id, from: segment.fork, to });
    to = Math.min(to, segment.fork);
    id = segment.parent;
  }
  return ranges.reverse();
}

/** How many items these ranges hold. */
export function measure(ranges: readonly Range[]): number {
  return ranges.reduce((sum, range) => sum + (range.to - range.from), 0);
}

/** The part of a history from position `from` to before position `to`. */
export function slice(ranges: readonly Range[], from: number, to: number): Range[] {
  return ranges
    .map((range) => ({ ...range, from: Math.max(range.from, from), to: Math.min(range.to, to) }))
    .filter((range) => range.to > range.from);
}

/** The last `count` items of a history. */
export function tail(ranges: readonly Range[], count: number): Range[] {
  const end = ranges.at(-1)?.to ?? 0;
  return slice(ranges, end - count, end);
}

/** The segment in which the item at `position` of this history is stored, or null when there is none. */
export function ownerOf(ranges: readonly Range[], position: number): string | null {
  return ranges.find((range) => position >= range.from && position < range.to)?.segment ?? null;
}

/** One of the items that stand at the same place after the same past. */
export interface Version {
  /** Where the item is stored. */
  segment: string;
  /** The branch to switch to in order to see it: of those that go through it, the last used. */
  branch: string;
}

/** A position of a branch at which other branches go another way. */
export interface Parting {
  position: number;
  /** In the order in which they were made, the branch's own among them. */
  versions: Version[];
  /** Which of the versions is the branch's own, from 0. */
  index: number;
}

/** The positions of a branch at which there is more than one version, by position. */
export function partings(state: SessionState, branch?: string): Parting[] {
  const own = findBranch(state, branch);
  const segments = indexSegments(state.segments);
  const order = new Map(state.segments.map((segment, index) => [segment.id, index]));
  const path = walk(segments, own.segment, own.length);
  const found = new Map<number, Map<string, Branch>>();
  for (const other of state.branches) {
    if (other.id === own.id) continue;
    const otherPath = walk(segments, other.segment, other.length);
    const position = sharedLength(path, otherPath);
    const segment = ownerOf(otherPath, position);
    if (segment === null || position >= own.length) continue;
    const versions = found.get(position) ?? new Map<string, Branch>();
    const known = versions.get(segment);
    if (!known || other.updatedAt > known.updatedAt) versions.set(segment, other);
    found.set(position, versions);
  }
  return [...found]
    .sort(([left], [right]) => left - right)
    .map(([position, others]) => {
      const mine = ownerOf(path, position);
      const versions = [...others].map(([segment, { id }]) => ({ segment, branch: id }));
      if (mine !== null) versions.push({ segment: mine, branch: own.id });
      versions.sort((left, right) => (order.get(left.segment) ?? 0) - (order.get(right.segment) ?? 0));
      return { position, versions, index: versions.findIndex((version) => version.segment === mine) };
    });
}

/**
 * Whether another branch goes another way at `position` of this one, or goes on there where this one ends. A branch
 * that is gone parts nowhere.
 */
export function partsAt(state: SessionState, branch: string, position: number): boolean {
  const own = state.branches.find(({ id }) => id === branch);
  if (!own) return false;
  const segments = indexSegments(state.segments);
  const path = walk(segments, own.segment, own.length);
  return state.branches.some(
    ({ id, segment, length }) =>
      id !== own.id && length > position && sharedLength(path, walk(segments, segment, length)) === position,
  );
}

/** How many items two branches have in common, from the start: where they part. */
export function partingOf(state: SessionState, left: string, right: string): number {
  return sharedLength(lineage(state, left), lineage(state, right));
}

/** How many items two histories have in common, from the start. */
function sharedLength(left: readonly Range[], right: readonly Range[]): number {
  let shared = 0;
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const one = left[index];
    const two = right[index];
    if (!one || !two || one.segment !== two.segment) break;
    shared = Math.min(one.to, two.to);
    if (one.to !== two.to) break;
  }
  return shared;
}

/**
 * How far each segment is needed: segment id to the position before which some branch reads it.
 * Items from there on, and segments that are not in the map, can be reached from no branch.
 */
export function reachable(state: SessionState): Map<string, number> {
  const segments = indexSegments(state.segments);
  const reach = new Map<string, number>();
  for (const branch of state.branches) {
    let id: string | null = branch.segment;
    let to = branch.length;
    while (id !== null) {
      const segment: Segment | undefined = segments.get(id);
      if (!segment) break;
      reach.set(id, Math.max(reach.get(id) ?? segment.fork, to));
      to = Math.min(to, segment.fork);
      id = segment.parent;
    }
  }
  return reach;
}
