import { lineageOf } from "./sessions/segments.ts";
import type { Segment } from "./sessions/store.ts";

/** One message of the whole tree. */
export interface Point {
  id: string;
  parent: string | null;
  /** A branch that goes through it. */
  branch: string;
  position: number;
  /** Who wrote it; null for the person. */
  agent: string | null;
  text: string;
}

/** A point, or several that follow each other where nothing parts. */
export interface Fold extends Point {
  /** How many messages stand here: one, or those that are drawn together. */
  count: number;
}

/** The message after which a segment begins. */
export function parentIn(
  segments: readonly Segment[],
  { parent, fork }: Segment,
  points: ReadonlyMap<string, readonly Point[]>,
): string | null {
  if (parent === null) return null;
  for (const { segment, to } of lineageOf(segments, parent, fork).reverse()) {
    const last = points.get(segment)?.findLast(({ position }) => position < to);
    if (last) return last.id;
  }
  return null;
}

/** A stretch that is longer is drawn as its first and last message and what lies between them. */
const longestStretch = 4;

/** Draws long stretches together. Parents come before their children, in the order in which they were made. */
export function foldPoints(points: readonly Point[]): Fold[] {
  const children = childrenOf(points);
  const folds: Fold[] = [];
  const open = (children.get(null) ?? []).map((point) => ({ point, parent: null as string | null })).reverse();
  for (let next = open.pop(); next; next = open.pop()) {
    const stretch = stretchFrom(next.point, children);
    let { parent } = next;
    for (const fold of foldStretch(stretch)) {
      folds.push({ ...fold, parent });
      parent = fold.id;
    }
    const last = stretch.at(-1) ?? next.point;
    for (const point of (children.get(last.id) ?? []).toReversed()) open.push({ point, parent });
  }
  return folds;
}

export function childrenOf<Node extends { id: string; parent: string | null }>(
  nodes: readonly Node[],
): Map<string | null, Node[]> {
  const children = new Map<string | null, Node[]>();
  for (const node of nodes) {
    const known = children.get(node.parent);
    if (known) known.push(node);
    else children.set(node.parent, [node]);
  }
  return children;
}

function stretchFrom(first: Point, children: ReadonlyMap<string | null, Point[]>): Point[] {
  const stretch = [first];
  for (let only = onlyChild(first, children); only; only = onlyChild(only, children)) stretch.push(only);
  return stretch;
}

function onlyChild({ id }: Point, children: ReadonlyMap<string | null, Point[]>): Point | undefined {
  const found = children.get(id) ?? [];
  return found.length === 1 ? found[0] : undefined;
}

function foldStretch(stretch: readonly Point[]): Fold[] {
  const single = (point: Point): Fold => ({ ...point, count: 1 });
  const second = stretch[1];
  if (stretch.length <= longestStretch || !second) return stretch.map(single);
  const between: Fold = { ...second, agent: null, text: "", count: stretch.length - 2 };
  return [...stretch.slice(0, 1).map(single), between, ...stretch.slice(-1).map(single)];
}
