import { describe, expect, test } from "vitest";
import { planCreate } from "./changes.ts";
import { cleanup } from "./cleanup.ts";
import { user } from "./conformance/harness.ts";
import { namespaceOf, sessionFor, sessionsIn } from "./namespaces.ts";
import { StoreSession } from "./session.ts";
import { MemoryStore } from "./stores/memory.ts";

const DAY = 24 * 60 * 60 * 1000;
const now = Date.parse("2026-11-22T10:00:00Z");

describe("cleanup", () => {
  async function storeWith(ages: Record<string, number>): Promise<MemoryStore> {
    const store = new MemoryStore();
    for (const [id, days] of Object.entries(ages)) {
      await store.commit(id, planCreate({ items: [user(id)], at: now - days * DAY }));
    }
    return store;
  }

  test("removes what was not written to for so many days, and says what", async () => {
    const store = await storeWith({ old: 31, border: 30, young: 1 });
    expect(await cleanup({ store, inactiveDays: 30, now })).toMatchObject({ removed: ["old"], dryRun: false });
    expect(await store.load("old")).toBeUndefined();
    expect(await store.load("border")).toBeDefined();
  });

  test("a dry run says the same and removes nothing", async () => {
    const store = await storeWith({ old: 31, young: 1 });
    expect(await cleanup({ store, inactiveDays: 30, dryRun: true, now })).toMatchObject({
      removed: ["old"],
      dryRun: true,
    });
    expect(await store.load("old")).toBeDefined();
  });

  test("removes what deleted branches left behind, which is no activity", async () => {
    const store = await storeWith({ one: 5 });
    const session = new StoreSession({ store, id: "one" });
    await (await session.fork(1, "gone")).addItems([user("x")]);
    await session.deleteBranch("gone");
    const before = await store.load("one");
    expect(await cleanup({ store, dryRun: true })).toMatchObject({ removed: [], swept: ["one"] });
    expect(await cleanup({ store })).toMatchObject({ swept: ["one"] });
    expect(await cleanup({ store })).toMatchObject({ swept: [] });
    const after = await store.load("one");
    expect([after?.segments.length, after?.updatedAt]).toEqual([1, before?.updatedAt]);
  });

  test("refuses a number of days that is none, and no place at all", async () => {
    const store = new MemoryStore();
    for (const inactiveDays of [-1, Number.NaN]) {
      await expect(cleanup({ store, inactiveDays })).rejects.toMatchObject({ code: "option_invalid" });
    }
    await expect(cleanup({ inactiveDays: 30 })).rejects.toMatchObject({ code: "option_invalid" });
  });
});

describe("namespaces", () => {
  test("keep users and types apart", async () => {
    const store = new MemoryStore();
    const alice = sessionFor({ store, userId: "alice", type: "support", conversation: "1" });
    const malice = sessionFor({ store, userId: "alice2", type: "support", conversation: "1" });
    await alice.addItems([user("mine")]);
    await malice.addItems([user("not hers")]);
    await sessionFor({ store, userId: "alice", type: "sales" }).addItems([user("other")]);
    expect(alice.id).toBe("alice:support/1");
    const ids: string[] = [];
    for await (const id of sessionsIn(store, { userId: "alice", type: "support" })) ids.push(id);
    expect(ids).toEqual(["alice:support/1"]);
  });

  test("can't be entered by a name that looks like another", () => {
    for (const userId of ["alice:support", "a/b", ""]) {
      expect(() => namespaceOf({ userId, type: "x" })).toThrow(/can't name a namespace/);
    }
    expect(() => namespaceOf({ userId: "alice", type: "a/b" })).toThrow(/can't name a namespace/);
  });

  test("make a new conversation when none is named", () => {
    const store = new MemoryStore();
    const make = () => sessionFor({ store, userId: "alice", type: "support" }).id;
    expect(make()).not.toBe(make());
  });
});
