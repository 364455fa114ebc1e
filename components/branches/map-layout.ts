import { childrenOf } from "#lib/outline-tree.ts";

export const cell = { width: 248, height: 104 };

export interface Placed {
  x: number;
  y: number;
}

/**
 * Where each node of a tree stands: a row for each step from the beginning. The first child stays
 * below its parent, as the cord goes on; the others stand to the right of all that was drawn before.
 * Parents come before their children. Without recursion, so that a long conversation does not end it.
 */
export function placeNodes(nodes: readonly { id: string; parent: string | null }[]): Map<string, Placed> {
  const children = childrenOf(nodes);
  const places = new Map<string, Placed>();
  const open = (children.get(null) ?? [])
    .map((node, place) => ({ node, row: 0, along: place === 0 ? 0 : -1 }))
    .reverse();
  let columns = 1;
  for (let next = open.pop(); next; next = open.pop()) {
    const { node, row } = next;
    const column = next.along === -1 ? columns++ : next.along;
    places.set(node.id, { x: column * cell.width, y: row * cell.height });
    const below = (children.get(node.id) ?? []).map((child, place) => ({
      node: child,
      row: row + 1,
      along: place === 0 ? column : -1,
    }));
    open.push(...below.reverse());
  }
  return places;
}
