import { describe, expect, test } from "vitest";
import { lineage, measure, ownerOf, partings, partsAt, reachable, slice, tail } from "./segments.ts";
import type { Branch, Segment, SessionState } from "./store.ts";

const branch = (name: string, segment: string, length: number, updatedAt = 0): Branch => {
  return { id: name, name, segment, length, agent: null, createdAt: 0, updatedAt };
};

const segment = (id: string, parent: string | null, fork: number): Segment => ({ id, parent, fork });

function stateOf(segments: Segment[], branches: Branch[]): SessionState {
  const current = branches[0]?.id ?? "";
  return { id: "s", current, branches, segments, summaries: [], metadata: {}, createdAt: 0, updatedAt: 0 };
}

const nested = stateOf(
  [segment("root", null, 0), segment("a", "root", 4), segment("b", "a", 6), segment("early", "b", 2)],
  [branch("main", "root", 10), branch("A", "a", 8), branch("B", "b", 7), branch("empty", "b", 6)],
);

describe("lineage", () => {
  test("is the segment's items after the parents' up to each fork", () => {
    expect(lineage(nested)).toEqual([{ segment: "root", from: 0, to: 10 }]);
    expect(lineage(nested, "A")).toEqual([
      { segment: "root", from: 0, to: 4 },
      { segment: "a", from: 4, to: 8 },
    ]);
    expect(lineage(nested, "B")).toEqual([
      { segment: "root", from: 0, to: 4 },
      { segment: "a", from: 4, to: 6 },
      { segment: "b", from: 6, to: 7 },
    ]);
  });

  test("leaves out segments without items", () => {
    expect(lineage(nested, "empty").map((range) => range.segment)).toEqual(["root", "a"]);
    expect(lineage(stateOf([segment("root", null, 0)], [branch("main", "root", 0)]))).toEqual([]);
  });

  test("says which branch or segment is missing", () => {
    expect(() => lineage(nested, "nobody")).toThrow(/no branch nobody/);
    expect(() => lineage(stateOf([segment("x", "lost", 2)], [branch("main", "x", 3)]))).toThrow(/lost/);
  });
});

describe("ranges", () => {
  const ranges = lineage(nested, "B");

  test("are measured, sliced and cut to the tail", () => {
    expect(measure(ranges)).toBe(7);
    expect(slice(ranges, 3, 5)).toEqual([
      { segment: "root", from: 3, to: 4 },
      { segment: "a", from: 4, to: 5 },
    ]);
    expect(slice(ranges, 7, 9)).toEqual([]);
    expect(measure(tail(ranges, 2))).toBe(2);
    expect(tail(ranges, 0)).toEqual([]);
    expect(tail(ranges, 100)).toEqual(ranges);
    expect(tail([], 5)).toEqual([]);
  });

  test("know who owns a position", () => {
    expect([0, 3, 4, 6, 7].map((position) => ownerOf(ranges, position))).toEqual(["root", "root", "a", "b", null]);
  });
});

describe("partings", () => {
  test("name the versions at each position, oldest first, with the branch last used", () => {
    const state = stateOf(
      [segment("root", null, 0), segment("x", "root", 2), segment("y", "root", 2), segment("y2", "y", 5)],
      [branch("main", "root", 4), branch("X", "x", 3), branch("Y", "y", 6, 1), branch("Y2", "y2", 7, 2)],
    );
    expect(partings(state, "X")).toEqual([
      {
        position: 2,
        index: 1,
        versions: [
          { segment: "root", branch: "main" },
          { segment: "x", branch: "X" },
          { segment: "y", branch: "Y2" },
        ],
      },
    ]);
    expect(partings(state, "Y2").map(({ position, index }) => [position, index])).toEqual([
      [2, 2],
      [5, 1],
    ]);
  });

  test("are none where a branch has said nothing else yet", () => {
    const state = stateOf(
      [segment("root", null, 0), segment("x", "root", 2)],
      [branch("main", "root", 4), branch("X", "x", 2)],
    );
    expect(partings(state, "main")).toEqual([]);
    expect(partings(state, "X")).toEqual([]);
  });
});

test("a branch parts where another goes another way, or goes on where it ends", () => {
  const state = stateOf(
    [segment("root", null, 0), segment("x", "root", 2), segment("y", "root", 4)],
    [branch("main", "root", 4), branch("X", "x", 2), branch("Y", "y", 4)],
  );
  const at = (id: string) => [0, 1, 2, 3, 4].filter((position) => partsAt(state, id, position));
  expect(at("main")).toEqual([]);
  expect(at("X")).toEqual([2]);
  expect(at("Y")).toEqual([]);
  expect(at("gone")).toEqual([]);
});

test("reachable says how far each segment is needed", () => {
  expect([...reachable(nested)]).toEqual([
    ["root", 10],
    ["a", 8],
    ["b", 7],
  ]);
  const without = { ...nested, branches: nested.branches.filter(({ name }) => name === "B") };
  expect(Object.fromEntries(reachable(without))).toEqual({ root: 4, a: 6, b: 7 });
});
