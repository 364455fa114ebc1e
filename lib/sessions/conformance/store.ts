import assert from "node:assert/strict";
import { applyChange, combine } from "../apply.ts";
import {
  planAppend,
  planAppendAnywhere,
  planCreate,
  planDeleteBranch,
  planFork,
  planMetadata,
  planRename,
  planSetAgent,
  planSummary,
  planSweep,
  planSwitch,
  planTruncate,
} from "../changes.ts";
import { newId } from "../ids.ts";
import { lineage, slice } from "../segments.ts";
import type { SessionStore } from "../store.ts";
import { assistant, call, HOSTILE, result, type TestFunction, Twin, user } from "./harness.ts";
import { testSharing } from "./sharing.ts";

export interface StoreSuite {
  /** Called once for each test: `test` of vitest or node:test. */
  test: TestFunction;
  /** Opens the store, the same one or a new one each time. The suite uses ids of its own. */
  open: () => Promise<SessionStore>;
}

/**
 * What every `SessionStore` must do. A store that passes can carry sessions.
 *
 * @example testSessionStore({ test, open: async () => new MyStore() })
 */
export function testSessionStore({ test, open }: StoreSuite): void {
  const withTwin = (name: string, run: (twin: Twin) => Promise<void>) =>
    test(name, async () => {
      const store = await open();
      try {
        await run(new Twin(store));
      } finally {
        await store.close();
      }
    });

  withTwin("a session that is not there loads as undefined and reads as empty", async ({ store, id }) => {
    assert.equal(await store.load(id), undefined);
    assert.deepEqual(await store.read(id, [{ segment: "none", from: 0, to: 10 }]), []);
    assert.equal(await store.remove(id), false);
    const answer = await store.commit(id, { metadata: {}, at: 1 });
    assert.equal(answer.status, "conflict");
    assert.equal(await store.load(id), undefined);
  });

  withTwin("creates a session with its first items, once", async (twin) => {
    const change = planCreate({ items: [user("a"), assistant("b")], metadata: { title: "T", deep: [1, null] }, at: 5 });
    await twin.commit(change);
    assert.deepEqual(await twin.items(), [user("a"), assistant("b")]);
    await twin.commit(planCreate({ items: [user("other")], at: 6 }));
    assert.deepEqual(await twin.items(), [user("a"), assistant("b")]);
  });

  withTwin("keeps what it is given, whatever the text", async (twin) => {
    const items = HOSTILE.flatMap((text) => [user(text), call(text || "id"), result(text || "id", text)]);
    await twin.commit(
      planCreate({ items, metadata: Object.fromEntries(HOSTILE.map((text, n) => [`k${n}`, text])), at: 1 }),
    );
    assert.deepEqual(await twin.items(), items);
  });

  withTwin("keeps bytes inside items", async (twin) => {
    const image = new Uint8Array([0, 1, 254, 255]);
    const item = { ...user("look"), providerData: { image, list: [image, "text"] } };
    await twin.commit(planCreate({ items: [item], at: 1 }));
    assert.deepEqual(await twin.items(), [item]);
  });

  withTwin("keeps who made an item, with which model and at what cost", async (twin) => {
    await twin.commit(planCreate({ at: 1 }));
    const usage = { requests: 2, inputTokens: 10, outputTokens: 5, totalTokens: 15, cachedInputTokens: 3 };
    const made = [
      { item: user("a"), agent: null, run: "r1", createdAt: 7 },
      { item: assistant("b"), agent: "billing", run: "r1", createdAt: 8, model: "m", usage },
    ];
    await twin.commit({ append: { branch: twin.present.current, items: made, agent: "billing" }, at: 9 });
    const stored = await twin.store.read(twin.id, lineage(twin.present));
    const segment = twin.present.segments[0]?.id;
    assert.deepEqual(
      stored.map((one) => ({ ...one })),
      made.map((one, position) => ({ ...one, segment, position })),
    );
    assert.equal(twin.present.branches[0]?.agent, "billing");
  });

  withTwin("appends where it is expected to, or not at all", async (twin) => {
    await twin.commit(planCreate({ items: [user("a")], at: 1 }));
    const stale = twin.present;
    await twin.commit(planAppend(stale, stale.current, [assistant("b")], { at: 2 }));
    await twin.commit(planAppend(stale, stale.current, [assistant("late")], { at: 3 }));
    assert.deepEqual(await twin.items(), [user("a"), assistant("b")]);
  });

  withTwin("appends at the end, wherever that is", async (twin) => {
    await twin.commit(planCreate({ items: [user("a")], at: 1 }));
    const branch = twin.present.current;
    await twin.commit(planAppendAnywhere(branch, [assistant("b"), user("c")], { at: 2, agent: "x", run: "r" }));
    await twin.commit(planAppendAnywhere(branch, [assistant("d")], { at: 3, branchAgent: "y" }));
    assert.deepEqual(await twin.items(), [user("a"), assistant("b"), user("c"), assistant("d")]);
    await twin.commit(planAppendAnywhere(newId(), [assistant("lost")], { at: 4 }));
  });

  withTwin("appends to a branch only while it is the current one, when asked so", async (twin) => {
    await twin.commit(planCreate({ items: [user("a")], at: 1 }));
    const main = twin.present.current;
    await twin.commit(planAppendAnywhere(main, [assistant("b")], { at: 2, expectCurrent: true }));
    await twin.commit(planFork(twin.present, main, 1, { name: "other", makeCurrent: true, at: 3 }));
    await twin.commit(planAppendAnywhere(main, [assistant("c")], { at: 4, expectCurrent: true }));
    await twin.commit({ ...planMetadata({ x: 1 }, { at: 5 }), expectCurrent: main });
    assert.deepEqual(await twin.items(main), [user("a"), assistant("b")]);
  });

  withTwin("does an operation once, however often it is asked to", async (twin) => {
    await twin.commit(planCreate({ items: [user("a")], at: 1, operation: "create" }));
    const again = await twin.store.commit(twin.id, planCreate({ items: [user("a")], at: 1, operation: "create" }));
    assert.deepEqual(again, { status: "repeated" });
    const change = { ...planAppend(twin.present, twin.present.current, [assistant("b")], { at: 2, operation: "o" }) };
    await twin.commit({ ...change, digest: "d1" });
    assert.deepEqual(await twin.store.commit(twin.id, { ...change, digest: "d1" }), {
      status: "repeated",
      digest: "d1",
    });
    const anywhere = planAppendAnywhere(twin.present.current, [user("c")], { at: 3, operation: "p" });
    await twin.commit(anywhere);
    assert.deepEqual(await twin.store.commit(twin.id, anywhere), { status: "repeated" });
    assert.deepEqual(await twin.items(), [user("a"), assistant("b"), user("c")]);
    const other = new Twin(twin.store);
    await other.commit(planCreate({ at: 1, operation: "o" }));
  });

  withTwin("a refused operation can be done later", async (twin) => {
    await twin.commit(planCreate({ items: [user("a")], at: 1 }));
    const stale = twin.present;
    await twin.commit(planAppend(stale, stale.current, [assistant("b")], { at: 2 }));
    await twin.commit(planAppend(stale, stale.current, [user("c")], { at: 3, operation: "o" }));
    await twin.commit(planAppend(twin.present, stale.current, [user("c")], { at: 4, operation: "o" }));
    assert.deepEqual(await twin.items(), [user("a"), assistant("b"), user("c")]);
  });

  withTwin("a change happens as a whole or not at all", async (twin) => {
    await twin.commit(planCreate({ items: [user("a")], at: 1 }));
    const before = twin.present;
    const fork = planFork(before, before.current, 1, { name: "new", makeCurrent: true, at: 2 });
    const forked = applyChange(twin.id, before, fork);
    const both = combine(fork, planAppend(forked, forked.current, [assistant("b")], { at: 2 }));
    await twin.commit({ ...both, expect: [{ branch: before.current, segment: "elsewhere", length: 1 }] });
    await twin.commit({ ...both, branches: both.branches?.map((branch) => ({ ...branch, name: "main" })) });
    await twin.commit({ ...both, current: "nobody" });
    await twin.commit(both);
    assert.deepEqual(await twin.items(), [user("a"), assistant("b")]);
  });

  withTwin("reads ranges in their order, and parts of them", async (twin) => {
    const items = Array.from({ length: 1200 }, (_, index) => user(`item ${index}`));
    await twin.commit(planCreate({ items, at: 1 }));
    await twin.commit(planFork(twin.present, twin.present.current, 700, { name: "b", makeCurrent: true, at: 2 }));
    await twin.commit(planAppend(twin.present, twin.present.current, [user("own")], { at: 3 }));
    assert.deepEqual(await twin.items(), [...items.slice(0, 700), user("own")]);
    const some = await twin.store.read(twin.id, slice(lineage(twin.present), 697, 701));
    assert.deepEqual(
      some.map(({ position }) => position),
      [697, 698, 699, 700],
    );
    assert.deepEqual(await twin.store.read(twin.id, []), []);
    const all = await twin.store.read(twin.id, [
      { segment: twin.present.segments[0]?.id ?? "", from: 1198, to: Number.MAX_SAFE_INTEGER },
    ]);
    assert.equal(all.length, 2);
  });

  withTwin("forks, names, switches and deletes branches", async (twin) => {
    await twin.commit(planCreate({ items: [user("a"), assistant("b"), user("c")], at: 1 }));
    const main = twin.present.current;
    await twin.commit(planFork(twin.present, main, 2, { name: "two", at: 2 }));
    const two = twin.present.branches[1]?.id ?? "";
    await twin.commit(planFork(twin.present, two, 0, { name: "empty", at: 3 }));
    await twin.commit(planRename(twin.present, two, "zwei", { at: 4 }));
    await twin.commit(planSetAgent(twin.present, two, "billing", { at: 5 }));
    await twin.commit(planSwitch(twin.present, two, { at: 6 }));
    await twin.commit({ removeBranches: [two], at: 7 });
    await twin.commit(planDeleteBranch(twin.present, two, { force: true, at: 8 }));
    assert.equal(twin.present.current, main);
    await twin.commit({ branches: [{ ...(twin.present.branches[1] ?? never()), name: "main" }], at: 9 });
    assert.deepEqual(await twin.items(), [user("a"), assistant("b"), user("c")]);
  });

  withTwin("shortens a branch and leaves to others what they depend on", async (twin) => {
    await twin.commit(planCreate({ items: [user("a"), assistant("b"), user("c"), assistant("d")], at: 1 }));
    const main = twin.present.current;
    await twin.commit(planTruncate(twin.present, main, 3, { at: 2 }));
    await twin.commit(planFork(twin.present, main, 2, { name: "two", at: 3 }));
    const two = twin.present.branches[1]?.id ?? "";
    await twin.commit(planAppend(twin.present, two, [user("e")], { at: 4 }));
    await twin.commit(planTruncate(twin.present, main, 1, { at: 5 }));
    await twin.commit(planAppend(twin.present, main, [assistant("other")], { at: 6 }));
    assert.deepEqual(await twin.items(main), [user("a"), assistant("other")]);
    assert.deepEqual(await twin.items(two), [user("a"), assistant("b"), user("e")]);
    await twin.commit(planTruncate(twin.present, two, 0, { at: 7 }));
    await twin.commit(planTruncate(twin.present, main, 0, { at: 8 }));
    assert.deepEqual(await twin.items(main), []);
    const sweep = planSweep(twin.present);
    if (sweep) await twin.commit(sweep);
    assert.equal(planSweep(twin.present), undefined);
  });

  withTwin("refuses an old plan although the branch has the same length again", async (twin) => {
    await twin.commit(planCreate({ items: [user("a"), assistant("b")], at: 1 }));
    const stale = twin.present;
    await twin.commit(planTruncate(stale, stale.current, 1, { at: 2 }));
    await twin.commit(planAppend(twin.present, stale.current, [assistant("other")], { at: 3 }));
    assert.equal(twin.present.branches[0]?.length, stale.branches[0]?.length);
    await twin.commit(planAppend(stale, stale.current, [user("after b")], { at: 4 }));
    await twin.commit(planTruncate(stale, stale.current, 1, { at: 5 }));
    assert.deepEqual(await twin.items(), [user("a"), assistant("other")]);
  });

  withTwin("refuses to remove what another branch depends on, even from an old plan", async (twin) => {
    await twin.commit(planCreate({ items: [user("a"), assistant("b")], at: 1 }));
    const stale = twin.present;
    await twin.commit(planFork(stale, stale.current, 2, { name: "two", at: 2 }));
    await twin.commit(planTruncate(stale, stale.current, 0, { at: 3 }));
    await twin.commit({ removeSegments: [stale.segments[0]?.id ?? ""], at: 4 });
    assert.deepEqual(await twin.items(twin.present.branches[1]?.id), [user("a"), assistant("b")]);
  });

  withTwin("removes what no branch reaches, and nothing else", async (twin) => {
    await twin.commit(planCreate({ items: [user("a"), assistant("b"), user("c")], at: 1 }));
    const main = twin.present.current;
    await twin.commit(planFork(twin.present, main, 1, { name: "two", makeCurrent: true, at: 2 }));
    await twin.commit(planAppend(twin.present, twin.present.current, [assistant("own")], { at: 3 }));
    const rootSegment = twin.present.segments[0]?.id ?? "";
    await twin.commit(planDeleteBranch(twin.present, main, { at: 4 }));
    const sweep = planSweep(twin.present);
    assert.ok(sweep);
    await twin.commit(sweep);
    assert.deepEqual(await twin.items(), [user("a"), assistant("own")]);
    assert.equal((await twin.store.read(twin.id, [{ segment: rootSegment, from: 0, to: 10 }])).length, 1);
  });

  withTwin("keeps summaries and removes them with what they sum up", async (twin) => {
    await twin.commit(planCreate({ items: [user("a"), assistant("b"), user("c")], at: 1 }));
    const main = twin.present.current;
    await twin.commit(planSummary(twin.present, main, 2, [user("in short")], { at: 2 }));
    await twin.commit(planSummary(twin.present, main, 3, [user("shorter")], { at: 3 }));
    await twin.commit(planTruncate(twin.present, main, 2, { at: 4 }));
    assert.equal(twin.present.summaries.length, 1);
    await twin.commit({ removeSummaries: twin.present.summaries.map(({ id }) => id), at: 5 });
  });

  withTwin("puts items in other words in the same place", async (twin) => {
    await twin.commit(planCreate({ items: [user("a"), assistant("b")], at: 1 }));
    const [first] = await twin.store.read(twin.id, lineage(twin.present));
    await twin.commit({ replaceItems: [{ ...(first ?? never()), item: user("A") }], at: 1 });
    assert.deepEqual(await twin.items(), [user("A"), assistant("b")]);
  });

  withTwin("replaces metadata and remembers the last activity", async (twin) => {
    await twin.commit(planCreate({ metadata: { a: 1 }, at: 10 }));
    await twin.commit(planMetadata({ b: [true, null, { c: "d" }] }, { at: 20 }));
    await twin.commit(planMetadata({}, { at: 15 }));
    assert.equal(twin.present.updatedAt, 20);
  });

  testSharing(withTwin, open);
}

function never(): never {
  throw new Error("This can't be.");
}
