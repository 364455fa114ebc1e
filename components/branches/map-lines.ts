import { childrenOf, type Fold } from "#lib/outline-tree.ts";

/** One line of the tree in words. */
export interface MapLine {
  fold: Fold;
  /** How many partings lie before it. */
  level: number;
  /** Set where a way begins at a parting: which of them, and what it follows. */
  way?: { number: number; of: number; after: Fold | null };
}

/**
 * The tree line by line: each way to its end before the next one. Flat and without recursion, because
 * people edit their last message again and again, and so partings lie as deep as a conversation is long.
 */
export function linesOf(nodes: readonly Fold[]): MapLine[] {
  const children = childrenOf(nodes);
  const lines: MapLine[] = [];
  const open = waysAfter(null, 0, children);
  for (let line = open.pop(); line; line = open.pop()) {
    lines.push(line);
    open.push(...waysAfter(line.fold, line.level, children));
  }
  return lines;
}

/** The last one first, as they are taken from the end. */
function waysAfter(after: Fold | null, level: number, children: ReadonlyMap<string | null, Fold[]>): MapLine[] {
  const ways = children.get(after?.id ?? null) ?? [];
  if (ways.length < 2) return ways.map((fold) => ({ fold, level }));
  return ways
    .map((fold, place) => ({ fold, level: level + 1, way: { number: place + 1, of: ways.length, after } }))
    .reverse();
}
