import assert from "node:assert/strict";
import type { AgentInputItem } from "@openai/agents";
import { newId } from "../ids.ts";
import type { StoreSession } from "../session.ts";
import { testBranches } from "./branches.ts";
import { assistant, call, HOSTILE, reasoning, result, type TestFunction, user, type WithSession } from "./harness.ts";
import { testRunner } from "./runner.ts";

export interface SessionSuite {
  /** Called once for each test: `test` of vitest or node:test. */
  test: TestFunction;
  /** Opens a session of this id; a second one of the same id must see what the first one wrote. */
  open: (id: string, options?: { historyLimit?: number }) => Promise<StoreSession>;
  /** Spoils the stored text of an item, where the backend allows it. */
  spoil?: (id: string, segment: string, position: number) => Promise<void>;
}

/**
 * What every session must do, whatever it is kept in.
 *
 * @example testSession({ test, open: async (id) => new StoreSession({ store, id }) })
 */
export function testSession({ test, open, spoil }: SessionSuite): void {
  const withSession: WithSession = (name, run) =>
    test(name, async () => {
      const session = await open(`test:${newId()}/1`);
      try {
        await run(session);
      } finally {
        await session.close();
      }
    });

  withSession("a new session is empty", async (session) => {
    assert.equal(await session.getSessionId(), session.id);
    assert.deepEqual(await session.getItems(), []);
    assert.deepEqual(await session.getItems(5), []);
    assert.equal(await session.popItem(), undefined);
    await session.clearSession();
    await session.addItems([]);
    assert.equal(await session.info(), undefined);
  });

  withSession("gives back what was added, in order and equal", async (session) => {
    const items = HOSTILE.map((text, index) => (index % 2 === 0 ? user(text) : assistant(text)));
    for (const item of items) await session.addItems([item]);
    await session.addItems(items);
    assert.deepEqual(await session.getItems(), [...items, ...items]);
  });

  withSession("what is given out is the caller's own", async (session) => {
    const list = [1];
    await session.addItems([{ ...user("a"), providerData: { deep: { list } } }]);
    list.push(2);
    const [first] = await session.getItems();
    assert.deepEqual(first?.providerData, { deep: { list: [1] } });
    Object.assign(first?.providerData ?? {}, { deep: "changed" });
    assert.deepEqual((await session.getItems())[0]?.providerData, { deep: { list: [1] } });
  });

  withSession("another object of the same id sees the same", async (session) => {
    await session.addItems([user("a")]);
    const other = await open(session.id);
    await other.addItems([assistant("b")]);
    await session.addItems([user("c")]);
    assert.deepEqual(await other.getItems(), [user("a"), assistant("b"), user("c")]);
    await other.close();
  });

  withSession("the limit is the newest items: none, some, more than there are", async (session) => {
    const items = Array.from({ length: 30 }, (_, index) => (index % 2 ? assistant(`${index}`) : user(`${index}`)));
    await session.addItems(items);
    assert.deepEqual(await session.getItems(0), []);
    assert.deepEqual(await session.getItems(-1), []);
    assert.deepEqual(await session.getItems(1), items.slice(-1));
    assert.deepEqual(await session.getItems(7), items.slice(-7));
    assert.deepEqual(await session.getItems(30), items);
    assert.deepEqual(await session.getItems(1000), items);
    const limited = await open(session.id, { historyLimit: 4 });
    assert.deepEqual(await limited.getItems(), items.slice(-4));
    assert.deepEqual(await limited.getItems(6), items.slice(-6));
    await limited.close();
  });

  withSession("the limit never starts inside a tool call, nor after the reasoning that led to it", async (session) => {
    const turn = [user("q"), reasoning("1"), call("c1"), call("c2"), result("c1"), result("c2"), assistant("done")];
    await session.addItems([...turn, ...turn]);
    assert.deepEqual(await session.getItems(1), turn.slice(-1));
    for (const limit of [2, 3, 4, 5]) assert.deepEqual(await session.getItems(limit), turn.slice(-1));
    assert.deepEqual(await session.getItems(6), turn.slice(1));
    assert.deepEqual(await session.getItems(7), turn);
    assert.deepEqual(await session.getItems(10), [...turn.slice(-1), ...turn]);
  });

  withSession("halves of tool calls and lone reasoning are kept, but not given to a model", async (session) => {
    const stored = [result("before"), user("a"), reasoning("lone"), user("b"), assistant("c"), result("lost")];
    await session.addItems(stored);
    assert.deepEqual(await session.getItems(), [user("a"), user("b"), assistant("c")]);
    assert.deepEqual(await session.getItems(2), [user("b"), assistant("c")]);
    assert.deepEqual(
      (await session.history()).map(({ item }) => item),
      stored,
    );
  });

  withSession("ids of calls may repeat, and kinds of calls do not mix", async (session) => {
    const turn = [user("q"), call("same"), result("same"), assistant("a")];
    const patch: AgentInputItem = { type: "apply_patch_call_output", callId: "same", status: "completed" };
    await session.addItems([...turn, ...turn, patch]);
    assert.deepEqual(await session.getItems(), [...turn, ...turn]);
  });

  withSession("a call that waits stays, until the user goes on without it", async (session) => {
    const waiting = [user("q"), reasoning("r"), call("c1")];
    await session.addItems(waiting);
    assert.deepEqual(await session.getItems(), waiting);
    await session.addItems([user("never mind"), assistant("fine")]);
    const items = await session.getItems();
    assert.deepEqual([...items.slice(0, 3), ...items.slice(4)], [...waiting, user("never mind"), assistant("fine")]);
    const settled = items[3];
    assert.ok(settled?.type === "function_call_result" && settled.callId === "c1" && settled.status === "incomplete");
    assert.equal(await session.settle(), 0);
  });

  withSession("another process's open calls are settled too", async (session) => {
    await session.addItems([user("q"), call("c1"), call("c2"), result("c2")]);
    const other = await open(session.id);
    assert.equal(await other.settle("The process ended."), 1);
    assert.equal(await other.settle(), 0);
    assert.equal((await session.getItems()).length, 5);
    await other.close();
  });

  withSession("pops the newest first, each item once", async (session) => {
    const items = [user("a"), assistant("b"), user("c")];
    await session.addItems(items);
    assert.deepEqual(await session.popItem(), user("c"));
    await session.addItems([user("d")]);
    assert.deepEqual(await session.popItem(), user("d"));
    assert.deepEqual(await session.popItem(), assistant("b"));
    assert.deepEqual(await session.popItem(), user("a"));
    assert.equal(await session.popItem(), undefined);
    await session.addItems([user("again")]);
    assert.deepEqual(await session.getItems(), [user("again")]);
  });

  withSession("pops at once get different items", async (session) => {
    const other = await open(session.id);
    const items = Array.from({ length: 12 }, (_, index) => user(`${index}`));
    await session.addItems(items);
    const popped = await Promise.all(items.map((_, index) => (index % 2 ? session : other).popItem()));
    assert.equal(new Set(popped.map((item) => JSON.stringify(item))).size, 12);
    assert.deepEqual(await session.getItems(), []);
    await other.close();
  });

  withSession("clears itself and nothing else", async (session) => {
    const neighbour = await open(`${session.id}0`);
    await session.addItems([user("a"), assistant("b")]);
    await neighbour.addItems([user("n")]);
    await session.clearSession();
    assert.deepEqual(await session.getItems(), []);
    assert.deepEqual(await neighbour.getItems(), [user("n")]);
    await session.addItems([user("c")]);
    assert.deepEqual(await session.getItems(), [user("c")]);
    await neighbour.close();
  });

  withSession("adds all items or none", async (session) => {
    await session.addItems([user("a")]);
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;
    const wrong: AgentInputItem = { ...user("c"), providerData: cyclic };
    await assert.rejects(session.addItems([user("b"), wrong]));
    const notAnItem = JSON.parse('["text"]');
    await assert.rejects(session.addItems([user("b"), ...notAnItem]), { code: "item_invalid" });
    assert.deepEqual(await session.getItems(), [user("a")]);
  });

  withSession("many writers at once lose nothing and keep their batches together", async (session) => {
    const sessions = await Promise.all(Array.from({ length: 10 }, () => open(session.id)));
    await Promise.all(
      sessions.map(async (one, writer) => {
        for (let turn = 0; turn < 3; turn++)
          await one.addItems([user(`${writer}.${turn}`), assistant(`${writer}.${turn}`)]);
      }),
    );
    const items = await session.getItems();
    assert.equal(items.length, 60);
    const texts = items.map((item) => JSON.stringify(item).match(/\d+\.\d/)?.[0]);
    for (let index = 0; index < 60; index += 2) assert.equal(texts[index], texts[index + 1]);
    assert.equal(new Set(texts).size, 30);
    await Promise.all(sessions.map((one) => one.close()));
  });

  withSession("what is added without waiting keeps its order, and one wrong batch spoils no other", async (session) => {
    await session.addItems([user("start")]);
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;
    const added = Array.from({ length: 250 }, (_, index) => session.addItems([user(`${index}`)]));
    const wrong = session.addItems([{ ...user("wrong"), providerData: cyclic }]);
    const last = session.addItems([user("last")]);
    await assert.rejects(wrong, { code: "item_invalid" });
    await Promise.all([...added, last]);
    const items = await session.getItems();
    const expected = ["start", ...Array.from({ length: 250 }, (_, index) => `${index}`), "last"];
    assert.deepEqual(items, expected.map(user));
    await session.addItems([assistant("after")]);
    assert.equal((await session.getItems()).length, 253);
  });

  withSession("metadata and info", async (session) => {
    await session.setMetadata({ title: "Order", tags: ["a"] });
    await session.addItems([user("a"), assistant("b"), user("c")]);
    await session.setMetadata({ title: "Refund", tags: undefined });
    const info = await session.info();
    assert.deepEqual(info?.metadata, { title: "Refund" });
    assert.deepEqual([info?.id, info?.items, info?.turns, info?.unreadable], [session.id, 3, 2, 0]);
    assert.ok(info && info.createdAt <= info.lastActivityAt && info.lastActivityAt <= Date.now());
  });

  withSession("closes any number of times", async (session) => {
    await session.addItems([user("a")]);
    await session.close();
    await session.close();
    await assert.rejects(session.getItems(), { name: "SessionError", code: "store_closed" });
    await assert.rejects(session.addItems([user("b")]), { name: "SessionError", code: "store_closed" });
  });

  if (spoil) {
    withSession("a damaged item is skipped and counted, and stops nothing", async (session) => {
      await session.addItems([user("a"), call("c1"), result("c1"), assistant("b"), user("c")]);
      const stored = await session.history();
      for (const position of [1, 4]) {
        const item = stored[position];
        assert.ok(item);
        await spoil(session.id, item.segment, item.position);
      }
      assert.deepEqual(await session.getItems(), [user("a"), assistant("b")]);
      assert.deepEqual(await session.getItems(1), [assistant("b")]);
      assert.equal((await session.info())?.unreadable, 2);
      assert.deepEqual(await session.popItem(), assistant("b"));
      await session.addItems([assistant("d")]);
      assert.deepEqual(await session.getItems(), [user("a"), assistant("d")]);
    });
  }

  testRunner(withSession);
  testBranches(withSession, open);
}
