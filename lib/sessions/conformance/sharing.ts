import assert from "node:assert/strict";
import { planAppend, planAppendAnywhere, planCreate } from "../changes.ts";
import { newId } from "../ids.ts";
import { lineage } from "../segments.ts";
import type { SessionStore } from "../store.ts";
import { Twin, user } from "./harness.ts";

type WithTwin = (name: string, run: (twin: Twin) => Promise<void>) => unknown;

/** What a store must do when there are many sessions and many writers. */
export function testSharing(withTwin: WithTwin, open: () => Promise<SessionStore>): void {
  withTwin("keeps sessions apart", async (twin) => {
    const other = new Twin(twin.store);
    await twin.commit(planCreate({ items: [user("mine")], at: 1 }));
    await other.commit(planCreate({ items: [user("yours")], at: 2 }));
    assert.deepEqual(await twin.items(), [user("mine")]);
    assert.equal(await twin.store.remove(twin.id), true);
    assert.equal(await twin.store.load(twin.id), undefined);
    assert.deepEqual(await twin.store.read(twin.id, lineage(twin.present)), []);
    await other.check();
    assert.deepEqual(await other.items(), [user("yours")]);
    assert.equal(await twin.store.remove(twin.id), false);
  });

  withTwin("lists sessions by how their ids begin, literally", async ({ store }) => {
    const mark = newId();
    const ids = [`${mark}%:a/1`, `${mark}%:a/2`, `${mark}_:a/1`, `${mark}X:a/1`, `${mark}*?[x]:a/1`];
    for (const id of ids) await store.commit(id, planCreate({ at: 1 }));
    assert.deepEqual((await listed(store, { prefix: `${mark}%:a/` })).sort(), ids.slice(0, 2));
    assert.deepEqual(await listed(store, { prefix: `${mark}_` }), [ids[2]]);
    assert.deepEqual(await listed(store, { prefix: `${mark}*?[` }), [ids[4]]);
    assert.equal((await listed(store, { prefix: mark })).length, 5);
  });

  withTwin("lists sessions by their last activity", async ({ store }) => {
    const prefix = `${newId()}:`;
    await store.commit(`${prefix}old`, planCreate({ at: 100 }));
    await store.commit(`${prefix}woken`, planCreate({ at: 100 }));
    const state = await store.load(`${prefix}woken`);
    await store.commit(`${prefix}woken`, planAppendAnywhere(state?.current ?? "", [user("hi")], { at: 200 }));
    assert.deepEqual(await listed(store, { prefix, inactiveBefore: 150 }), [`${prefix}old`]);
    assert.deepEqual(await listed(store, { prefix, inactiveBefore: 100 }), []);
    assert.equal((await listed(store, { prefix, inactiveBefore: 201 })).length, 2);
  });

  withTwin("many writers lose nothing and write nothing twice", async ({ store, id }) => {
    await store.commit(id, planCreate({ at: 1 }));
    const branch = (await store.load(id))?.current ?? "";
    const write = async (writer: number) => {
      for (let turn = 0; turn < 5; turn++) {
        const items = [user(`${writer}.${turn}`), user(`${writer}.${turn} again`)];
        const answer = await store.commit(id, planAppendAnywhere(branch, items, { at: 2 }));
        assert.equal(answer.status, "done");
      }
    };
    await Promise.all(Array.from({ length: 10 }, (_, writer) => write(writer)));
    const state = await store.load(id);
    assert.ok(state);
    const items = await store.read(id, lineage(state));
    assert.deepEqual(
      items.map(({ position }) => position),
      Array.from({ length: 100 }, (_, position) => position),
    );
    const texts = items.map(({ item }) => ("content" in item ? item.content : ""));
    assert.equal(new Set(texts).size, 100);
    for (let index = 0; index < 100; index += 2) assert.equal(texts[index + 1], `${texts[index]} again`);
  });

  withTwin("of writers who expect the same head, one wins", async ({ store, id }) => {
    await store.commit(id, planCreate({ at: 1 }));
    const state = await store.load(id);
    assert.ok(state);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, writer) =>
        store.commit(id, planAppend(state, state.current, [user(`${writer}`)], { at: 2 })),
      ),
    );
    assert.equal(answers.filter(({ status }) => status === "done").length, 1);
    assert.equal(answers.filter(({ status }) => status === "conflict").length, 7);
  });

  withTwin("of writers with the same operation, one writes", async ({ store, id }) => {
    await store.commit(id, planCreate({ at: 1 }));
    const branch = (await store.load(id))?.current ?? "";
    const change = planAppendAnywhere(branch, [user("once")], { at: 2, operation: "once" });
    const answers = await Promise.all(Array.from({ length: 8 }, () => store.commit(id, change)));
    assert.equal(answers.filter(({ status }) => status === "done").length, 1);
    assert.equal(answers.filter(({ status }) => status === "repeated").length, 7);
    assert.equal((await store.load(id))?.branches[0]?.length, 1);
  });

  withTwin("closes any number of times, and says so afterwards", async () => {
    const store = await open();
    await store.close();
    await store.close();
    await assert.rejects(store.load("x"), { name: "SessionError", code: "store_closed" });
    await assert.rejects(store.commit("x", planCreate({ at: 1 })), { name: "SessionError", code: "store_closed" });
  });
}

async function listed(store: SessionStore, options: { inactiveBefore?: number; prefix?: string }): Promise<string[]> {
  const ids: string[] = [];
  for await (const id of store.list(options)) ids.push(id);
  return ids;
}
