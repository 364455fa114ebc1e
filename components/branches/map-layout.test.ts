import { describe, expect, test } from "vitest";
import { foldPoints, type Point } from "#lib/outline-tree.ts";
import { cell, placeNodes } from "./map-layout.ts";

const point = (id: string, parent: string | null): Point => ({
  id,
  parent,
  branch: "b",
  position: 0,
  agent: null,
  text: id,
});

const chain = (name: string, length: number, parent: string | null) =>
  Array.from({ length }, (_, place) => point(`${name}${place}`, place === 0 ? parent : `${name}${place - 1}`));

describe("the picture of a tree", () => {
  test("the first way goes straight down, the others to the right of it", () => {
    const places = placeNodes([point("a", null), point("b", "a"), point("c", "a"), point("d", "b"), point("e", "b")]);
    expect(Object.fromEntries(places)).toEqual({
      a: { x: 0, y: 0 },
      b: { x: 0, y: cell.height },
      d: { x: 0, y: 2 * cell.height },
      e: { x: cell.width, y: 2 * cell.height },
      c: { x: 2 * cell.width, y: cell.height },
    });
  });

  test("several beginnings stand beside each other", () => {
    const places = placeNodes([point("a", null), point("b", null)]);
    expect(places.get("b")).toEqual({ x: cell.width, y: 0 });
  });

  test("no two nodes of 500 branches share a place", () => {
    const trunk = chain("t", 100, null);
    const branches = Array.from({ length: 500 }, (_, place) => chain(`b${place}.`, 3, `t${place % 100}`)).flat();
    const places = placeNodes(foldPoints([...trunk, ...branches]));
    const taken = new Set([...places.values()].map(({ x, y }) => `${x} ${y}`));
    expect(places.size).toBe(1600);
    expect(taken.size).toBe(1600);
  });
});

describe("long stretches", () => {
  test("are drawn as their ends and what lies between", () => {
    const folds = foldPoints([...chain("a", 10, null), ...chain("b", 2, "a9"), ...chain("c", 1, "a9")]);
    expect(folds.map(({ id, parent, count }) => [id, parent, count])).toEqual([
      ["a0", null, 1],
      ["a1", "a0", 8],
      ["a9", "a1", 1],
      ["b0", "a9", 1],
      ["b1", "b0", 1],
      ["c0", "a9", 1],
    ]);
  });

  test("of a hundred thousand messages are no more work for the stack", () => {
    const folds = foldPoints(chain("a", 100_000, null));
    expect(folds.map(({ count }) => count)).toEqual([1, 99_998, 1]);
  });
});
