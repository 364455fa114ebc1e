import { describe, expect, test } from "vitest";
import { applyChange, combine, findConflict } from "./apply.ts";
import {
  planAppend,
  planCreate,
  planDeleteBranch,
  planFork,
  planRestoreBranch,
  planSweep,
  planTruncate,
} from "./changes.ts";
import { user } from "./conformance/harness.ts";
import { lineage } from "./segments.ts";
import type { SessionState } from "./store.ts";

function started(length: number): SessionState {
  const items = Array.from({ length }, (_, index) => user(`${index}`));
  return applyChange("s", undefined, planCreate({ items, at: 1 }));
}

function fork(state: SessionState, at: number, name: string): SessionState {
  return applyChange("s", state, planFork(state, state.current, at, { name, at: 2 }));
}

describe("a fork", () => {
  test("leaves the segment that owns the item before it", () => {
    const state = fork(started(4), 2, "two");
    const two = state.branches[1]?.id ?? "";
    const third = applyChange("s", state, planFork(state, two, 2, { name: "three", at: 3 }));
    expect(third.segments.map(({ parent, fork: at }) => [parent, at])).toEqual([
      [null, 0],
      [third.segments[0]?.id, 2],
      [third.segments[0]?.id, 2],
    ]);
    expect(fork(state, 0, "zero").segments.at(-1)).toMatchObject({ parent: null, fork: 0 });
  });

  test("composes with an append into one change", () => {
    const state = started(3);
    const first = planFork(state, state.current, 1, { name: "edit", makeCurrent: true, at: 5, operation: "op" });
    const forked = applyChange("s", state, first);
    const both = combine(first, planAppend(forked, forked.current, [user("instead")], { at: 6 }));
    expect(findConflict(state, both)).toBeUndefined();
    expect(both).toMatchObject({ operation: "op", at: 6, current: forked.current });
    expect(both.expect).toEqual([{ branch: state.current, segment: state.segments[0]?.id, length: 3 }]);
    const after = applyChange("s", state, both);
    expect(lineage(after).map(({ from, to }) => [from, to])).toEqual([
      [0, 1],
      [1, 2],
    ]);
  });
});

describe("a truncation", () => {
  test("removes rows that nothing depends on and goes on in a fresh segment", () => {
    const state = started(5);
    const change = planTruncate(state, state.current, 2, { at: 2 });
    expect(change.removeItems).toEqual([{ segment: state.segments[0]?.id, from: 2, to: 5 }]);
    expect(change.segments).toMatchObject([{ parent: state.segments[0]?.id, fork: 2 }]);
  });

  test("gives no place a second item, and no chain of segments to one that is shortened and grows in turn", () => {
    let state = started(5);
    const places = new Set<string>();
    for (let turn = 0; turn < 10; turn++) {
      state = applyChange("s", state, planTruncate(state, state.current, 4, { at: 2 }));
      state = applyChange("s", state, planAppend(state, state.current, [user(`${turn}`)], { at: 2 }));
      places.add(`${state.branches[0]?.segment} ${state.branches[0]?.length}`);
    }
    expect(places.size).toBe(10);
    expect(state.segments.length).toBe(2);
  });

  test("to nothing leaves nothing of the branch behind, however often it was shortened before", () => {
    let state = started(6);
    for (const length of [5, 3]) {
      state = applyChange("s", state, planTruncate(state, state.current, length, { at: 2 }));
      state = applyChange("s", state, planAppend(state, state.current, [user("x"), user("y")], { at: 2 }));
    }
    const old = state.segments.map(({ id }) => id);
    const change = planTruncate(state, state.current, 0, { at: 3 });
    expect(new Set(change.removeSegments)).toEqual(new Set(old));
    expect(findConflict(state, change)).toBeUndefined();
    expect(applyChange("s", state, change).segments).toEqual(change.segments);
  });

  test("leaves rows to those who depend on them, and removes the rest", () => {
    const state = fork(started(5), 3, "other");
    const change = planTruncate(state, state.current, 1, { at: 3 });
    expect(change.removeItems).toEqual([{ segment: state.segments[0]?.id, from: 3, to: 5 }]);
    expect(change.segments).toMatchObject([{ parent: state.segments[0]?.id, fork: 1 }]);
  });

  test("below its own fork gives its segment up", () => {
    const state = fork(started(5), 3, "other");
    const other = state.branches[1]?.id ?? "";
    const longer = applyChange("s", state, planAppend(state, other, [user("own")], { at: 3 }));
    const change = planTruncate(longer, other, 1, { at: 4 });
    expect(change.removeSegments).toEqual([longer.segments[1]?.id]);
    expect(change.segments).toMatchObject([{ parent: longer.segments[0]?.id, fork: 1 }]);
  });

  test("to the same length changes nothing but expects it", () => {
    const state = started(2);
    expect(planTruncate(state, state.current, 2, { at: 9 })).toEqual({
      expect: [{ branch: state.current, segment: state.segments[0]?.id, length: 2 }],
      at: 9,
    });
  });

  test("is followed by an append in one change", () => {
    const state = started(4);
    const shorter = planTruncate(state, state.current, 1, { at: 2 });
    const both = combine(shorter, planAppend(applyChange("s", state, shorter), state.current, [user("x")], { at: 2 }));
    expect(findConflict(state, both)).toBeUndefined();
    expect(both.items?.map(({ position }) => position)).toEqual([1]);
    expect(applyChange("s", state, both).branches[0]?.length).toBe(2);
  });

  test("after an append in the same change drops what was just added", () => {
    const state = started(1);
    const longer = planAppend(state, state.current, [user("x"), user("y")], { at: 2 });
    const after = applyChange("s", state, longer);
    const both = combine(longer, planTruncate(after, state.current, 2, { at: 3 }));
    expect(both.items?.map(({ position }) => position)).toEqual([1]);
    expect(findConflict(state, both)).toBeUndefined();
  });
});

test("a deleted branch leaves its rows to the sweep", () => {
  const state = fork(started(3), 1, "other");
  const other = state.branches[1]?.id ?? "";
  expect(planSweep(state)).toBeUndefined();
  const change = planDeleteBranch(state, other, { at: 3 });
  expect(change).toMatchObject({ removeBranches: [other] });
  const after = applyChange("s", state, change);
  expect(planSweep(after)?.removeSegments).toEqual([state.segments[1]?.id]);
  expect(planSweep(after)?.at).toBe(after.updatedAt);
});

describe("a deleted branch", () => {
  test("comes back as it was, as the current one where it was that", () => {
    const state = fork(started(3), 2, "other");
    const other = state.branches[1];
    if (!other) throw new Error("There is no fork.");
    const without = applyChange("s", state, planDeleteBranch(state, other.id, { at: 3 }));

    const back = applyChange("s", without, planRestoreBranch(without, other, { at: 4, makeCurrent: true }));

    expect(back.branches).toEqual(state.branches);
    expect(back.current).toBe(other.id);
    expect(lineage(back, other.id)).toEqual(lineage(state, other.id));
  });

  test("does not come back over a branch of its name, nor after the sweep", () => {
    const state = fork(started(3), 2, "other");
    const other = state.branches[1];
    if (!other) throw new Error("There is no fork.");
    const without = applyChange("s", state, planDeleteBranch(state, other.id, { at: 3 }));
    const renamed = fork(without, 1, "other");
    expect(() => planRestoreBranch(renamed, other, { at: 4 })).toThrow('There is a branch named "other" already.');

    const sweep = planSweep(without);
    if (!sweep) throw new Error("There is nothing to sweep.");
    const swept = applyChange("s", without, sweep);
    expect(() => planRestoreBranch(swept, other, { at: 4 })).toThrow("can't be restored");
  });
});
