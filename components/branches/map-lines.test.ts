import { expect, test } from "vitest";
import type { Fold } from "#lib/outline-tree.ts";
import { linesOf } from "./map-lines.ts";

const fold = (id: string, parent: string | null): Fold => {
  return { id, parent, branch: "b", position: 0, agent: null, text: id, count: 1 };
};

test("each way goes to its end before the next one, and says what it follows", () => {
  const nodes = [fold("a", null), fold("b", "a"), fold("c", "b"), fold("d", "a"), fold("e", "d"), fold("f", "b")];
  const told = linesOf(nodes).map(({ fold: { id }, level, way }) => [
    id,
    level,
    way && `${way.number}/${way.of} ${way.after?.id}`,
  ]);
  expect(told).toEqual([
    ["a", 0, undefined],
    ["b", 1, "1/2 a"],
    ["c", 2, "1/2 b"],
    ["f", 2, "2/2 b"],
    ["d", 1, "2/2 a"],
    ["e", 1, undefined],
  ]);
});

test("several beginnings are ways too", () => {
  expect(linesOf([fold("a", null), fold("b", null)]).map(({ way }) => way)).toEqual([
    { number: 1, of: 2, after: null },
    { number: 2, of: 2, after: null },
  ]);
});

test("partings that lie thousands deep are no trouble", () => {
  const nodes = Array.from({ length: 20_000 }, (_, place) => [
    fold(`n${place}`, place === 0 ? null : `n${place - 1}`),
    fold(`other${place}`, place === 0 ? null : `n${place - 1}`),
  ]).flat();
  expect(linesOf(nodes)).toHaveLength(40_000);
});
