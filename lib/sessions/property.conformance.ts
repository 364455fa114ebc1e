import assert from "node:assert/strict";
import type { AgentInputItem } from "@openai/agents";
import fc from "fast-check";
import { afterAll, beforeAll, describe, test } from "vitest";
import { planSweep } from "./changes.ts";
import { cleanup } from "./cleanup.ts";
import { user } from "./conformance/harness.ts";
import { newId } from "./ids.ts";
import { lineage } from "./segments.ts";
import { StoreSession } from "./session.ts";
import type { SessionStore } from "./store.ts";
import { allBackends } from "./testing/backends.ts";

const { backends, start, stop } = allBackends();

beforeAll(start);
afterAll(stop);

/** What sessions with branches mean, without any cleverness: each branch is a list of its own. */
class Model {
  readonly branches = new Map<string, { items: AgentInputItem[]; summaries: { position: number; text: string }[] }>();
  current = "main";

  get(name: string) {
    const found = this.branches.get(name);
    assert.ok(found);
    return found;
  }

  shorten(name: string, length: number): void {
    const branch = this.get(name);
    branch.items = branch.items.slice(0, length);
    branch.summaries = branch.summaries.filter(({ position }) => position <= length);
  }

  view(name: string): AgentInputItem[] {
    const { items, summaries } = this.get(name);
    let best: { position: number; text: string } | undefined;
    for (const summary of summaries) if (!best || summary.position >= best.position) best = summary;
    return best ? [user(best.text), ...items.slice(best.position)] : items;
  }
}

const step = fc.record({
  kind: fc.constantFrom(
    "append",
    "append",
    "append",
    "fork",
    "pop",
    "clear",
    "replace",
    "switch",
    "delete",
    "sum",
    "sweep",
  ),
  branch: fc.nat(),
  amount: fc.nat({ max: 6 }),
});
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

async function play(store: SessionStore, steps: readonly Step[]): Promise<void> {
  const id = `property:${newId()}/1`;
  const session = new StoreSession({ store, id });
  const model = new Model();
  model.branches.set("main", { items: [user("first")], summaries: [] });
  await session.addItems([user("first")]);
  let said = 0;
  const say = (count: number) => Array.from({ length: count }, () => user(`said ${said++}`));
  for (const { kind, branch, amount } of steps) {
    const names = [...model.branches.keys()];
    const name = names[branch % names.length] ?? "main";
    const own = model.get(name);
    const on = new StoreSession({ store, id, branch: name });
    if (kind === "append") {
      const items = say(amount + 1);
      await on.addItems(items);
      own.items = [...own.items, ...items];
    } else if (kind === "fork" && names.length < 12) {
      const at = amount % (own.items.length + 1);
      const fork = `b${said++}`;
      await on.fork(at, fork);
      model.branches.set(fork, { items: [...own.items], summaries: [...own.summaries] });
      model.shorten(fork, at);
    } else if (kind === "pop") {
      assert.deepEqual(await on.popItem(), own.items.at(-1));
      model.shorten(name, Math.max(0, own.items.length - 1));
    } else if (kind === "clear") {
      await on.clearSession();
      model.shorten(name, 0);
    } else if (kind === "replace") {
      const expectedSuffix = own.items.slice(own.items.length - Math.min(amount, own.items.length));
      const replacement = say(2);
      const transaction = { type: "replace_suffix" as const, expectedSuffix, replacement };
      await on.applyHistoryTransaction({ operationId: newId(), transaction });
      model.shorten(name, own.items.length - expectedSuffix.length);
      own.items = [...own.items, ...replacement];
    } else if (kind === "switch") {
      await session.switchTo(name);
      model.current = name;
    } else if (kind === "delete" && names.length > 1) {
      await session.deleteBranch(name, { force: true });
      model.branches.delete(name);
      if (model.current === name) model.current = [...model.branches.keys()][0] ?? "";
    } else if (kind === "sum" && own.items.length > 0) {
      const position = 1 + (amount % own.items.length);
      const text = `summary ${said++}`;
      await on.summarise(position, [user(text)]);
      // Whoever shares these items shares what is said about them.
      for (const other of model.branches.values()) {
        const shares = JSON.stringify(other.items.slice(0, position)) === JSON.stringify(own.items.slice(0, position));
        if (shares) other.summaries = [...other.summaries, { position, text }];
      }
    } else if (kind === "sweep") {
      await cleanup({ store, prefix: id });
    }
    await compare(store, id, model);
  }
}

async function compare(store: SessionStore, id: string, model: Model): Promise<void> {
  const state = await store.load(id);
  assert.ok(state);
  assert.deepEqual(state.branches.map(({ name }) => name).sort(), [...model.branches.keys()].sort());
  assert.equal(state.branches.find((branch) => branch.id === state.current)?.name, model.current);
  const stored = new Map<string, string>();
  for (const { id: branch, name } of state.branches) {
    const items = await store.read(id, lineage(state, branch));
    assert.deepEqual(
      items.map(({ item }) => item),
      model.get(name).items,
      name,
    );
    for (const { segment, position, item } of items) {
      const text = JSON.stringify(item);
      assert.equal(stored.get(text) ?? `${segment} ${position}`, `${segment} ${position}`, "stored twice");
      stored.set(text, `${segment} ${position}`);
    }
    const view = model.view(name);
    assert.deepEqual(await new StoreSession({ store, id, branch }).getItems(), view, name);
    assert.deepEqual(await new StoreSession({ store, id, branch }).getItems(3), view.slice(-3), name);
  }
}

const RUNS: Record<string, number> = {
  memory: 150,
  "libSQL memory": 40,
  "libSQL file": 25,
  Redis: 12,
  "libSQL server": 5,
};

for (const { name, open } of backends) {
  const numRuns = RUNS[name] ?? 4;
  describe(`random histories in ${name}`, () => {
    test(`${numRuns} of them are as if every branch were a list`, async () => {
      const store = await open();
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 40, size: "max" }), (steps) => play(store, steps)),
        { numRuns, seed: 20261122 },
      );
      await store.close();
    });
  });
}

test("a sweep leaves nothing to sweep", async () => {
  const { open } = backends[0] ?? {};
  const store = await open?.();
  assert.ok(store);
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 40 }), async (steps) => {
      await play(store, steps);
      await cleanup({ store });
      for await (const id of store.list()) {
        const state = await store.load(id);
        assert.ok(state);
        assert.equal(planSweep(state)?.removeSegments?.length ?? 0, 0);
      }
    }),
    { numRuns: 20, seed: 1 },
  );
});
