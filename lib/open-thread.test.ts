import { eq } from "drizzle-orm";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { database } from "#db/client.ts";
import { conversations, runs } from "#db/schema.ts";
import { type Conversation, type Owned, ownConversation, type User } from "./access.ts";
import { stateOf } from "./branch-state.ts";
import { newConversation } from "./conversations.ts";
import { commit, history } from "./history.ts";
import { openThread, openWindow } from "./open-thread.ts";
import { newRun } from "./runs/begin.ts";
import { migrateWith } from "./runs/testing/people.ts";
import { planAppend, planCreate, planFork } from "./sessions/changes.ts";
import { newId } from "./sessions/ids.ts";
import type { Change, StoredItem } from "./sessions/store.ts";
import type { ThreadMessage } from "./thread.ts";

const alice: User = { id: "alice", name: "Alice", email: "alice@example.com", role: "member" };

beforeAll(() => migrateWith(alice));

type Item = StoredItem["item"];
type Written = Pick<StoredItem, "item" | "run">;

const persons = (text: string): Item => ({ role: "user", content: text });
const answer = (text: string): Item => ({
  role: "assistant",
  status: "completed",
  content: [{ type: "output_text", text }],
});

async function store(written: readonly Written[]): Promise<Owned<Conversation>> {
  const row = newConversation(alice, "general", "Title", Date.now());
  const { items = [], ...change } = planCreate({ at: 1, items: written.map(({ item }) => item) });
  const made = items.map((item, place) => ({ ...item, run: written[place]?.run ?? null }));
  await database().insert(conversations).values(row);
  await commit(row.id, { ...change, items: made });
  return ownConversation(alice, row.id);
}

const idsOf = (messages: readonly ThreadMessage[]) => messages.map(({ id }) => id);

/** Reads a branch as a browser does that scrolls from its end to its beginning. */
async function upwards(conversation: Owned<Conversation>, branch?: string) {
  const thread = await openThread(conversation, { branch });
  const parts = [thread.messages];
  for (let { from } = thread; from > 0; ) {
    const window = await openWindow(conversation, thread.branch.id, { before: from });
    expect(window.to).toBe(from);
    expect(window.from).toBeLessThan(from);
    from = window.from;
    parts.unshift(window.messages);
  }
  return { thread, parts };
}

async function downwards(conversation: Owned<Conversation>, branch: string, length: number) {
  const parts = [];
  for (let from = 0; from < length; ) {
    const window = await openWindow(conversation, branch, { after: from });
    expect(window.from).toBe(from);
    expect(window.to).toBeGreaterThan(from);
    from = window.to;
    parts.push(window.messages);
  }
  return parts;
}

/** One message each: the person's, what a run answered in some steps, what was imported, instructions that nobody sees. */
const piece = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ kind: "person" as const, steps: 1 }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("run" as const), steps: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("run" as const), steps: fc.integer({ min: 60, max: 150 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("imported" as const), steps: fc.integer({ min: 1, max: 3 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "system" as const, steps: 1 }) },
);

function itemsOf(pieces: readonly { kind: "person" | "run" | "imported" | "system"; steps: number }[]): Written[] {
  return pieces.flatMap(({ kind, steps }, place): Written[] => {
    if (kind === "person") return [{ item: persons(`Question ${place}`), run: null }];
    if (kind === "system") return [{ item: { role: "system", content: "Be brief." }, run: null }];
    const run = kind === "run" ? `run-${place}` : null;
    return Array.from({ length: steps }, (_, step) => ({ item: answer(`Answer ${place}, ${step}`), run }));
  });
}

test("the parts of any branch are whole messages, and together they are the branch", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 160 }), fc.nat(), async (pieces, place) => {
      const conversation = await store(itemsOf(pieces));
      const { branch, messages } = await openThread(conversation, { whole: true });
      const { parts } = await upwards(conversation);
      expect(parts.flat()).toEqual(messages);
      expect((await downwards(conversation, branch.id, branch.length)).flat()).toEqual(messages);

      const wanted = messages[place % Math.max(messages.length, 1)];
      if (!wanted?.metadata) return;
      const around = await openWindow(conversation, branch.id, { around: wanted.metadata.end - 1 });
      const first = idsOf(messages).indexOf(around.messages[0]?.id ?? "");
      expect(around.messages).toEqual(messages.slice(first, first + around.messages.length));
      expect(idsOf(around.messages)).toContain(wanted.id);
    }),
    { numRuns: 40 },
  );
});

test("a page holds few messages of many, and fewer where they are large", async () => {
  const turns = Array.from({ length: 300 }, (_, turn) => [
    { item: persons(`Question ${turn}`), run: null },
    { item: answer("a".repeat(turn === 299 ? 400_000 : 10)), run: `r${turn}` },
    { item: answer("b".repeat(turn === 298 ? 400_000 : 10)), run: `r${turn}` },
  ]).flat();
  const conversation = await store(turns);
  const { messages, from, branch } = await openThread(conversation);
  expect(messages).toHaveLength(3);
  const { messages: before } = await openWindow(conversation, branch.id, { before: from });
  expect(before).toHaveLength(40);
  expect(before.at(-1)?.id).not.toBe(messages[0]?.id);
});

test("an answer of thousands of steps is one message of one part", async () => {
  const steps = Array.from({ length: 5_000 }, (_, step) => ({ item: answer(`Step ${step}`), run: "long" }));
  const conversation = await store([{ item: persons("Go"), run: null }, ...steps, { item: persons("On"), run: null }]);
  const { parts } = await upwards(conversation);
  expect(parts.flat().map(({ parts }) => parts.length)).toEqual([1, 5_000, 1]);
});

test("a branch that leaves another in the middle of an answer is read across both", async () => {
  const conversation = await store(
    itemsOf(Array.from({ length: 90 }, (_, place) => ({ kind: place % 2 ? "run" : "person", steps: 3 }))),
  );
  const state = await stateOf(conversation);
  await commit(conversation.id, planFork(state, state.current, 131, { name: "other", makeCurrent: true, at: 2 }));
  const forked = await stateOf(conversation);
  await commit(conversation.id, planAppend(forked, forked.current, [persons("Another way")], { at: 3 }));
  const { messages } = await openThread(conversation, { whole: true });
  const { parts } = await upwards(conversation);
  expect(parts.flat()).toEqual(messages);
  expect(messages.at(-1)?.parts).toMatchObject([{ text: "Another way" }]);
  await expect(openWindow(conversation, newId(), { before: 3 })).rejects.toMatchObject({ code: "not_found" });
});

/** Does something at the first read of items: what another process does while a page is made. */
function during(act: () => Promise<void>): () => void {
  const shared = globalThis as typeof globalThis & { switchboardHistory?: ReturnType<typeof history> };
  const real = history();
  let done = false;
  const meddled: ReturnType<typeof history> = Object.create(real, {
    read: {
      value: async (...[session, ranges]: Parameters<typeof real.read>) => {
        const items = await real.read(session, ranges);
        if (!done) {
          done = true;
          await act();
        }
        return items;
      },
    },
    load: { value: (session: string) => real.load(session) },
    commit: { value: (...given: Parameters<typeof real.commit>) => real.commit(...given) },
  });
  shared.switchboardHistory = meddled;
  return () => {
    shared.switchboardHistory = real;
  };
}

async function append(conversation: Owned<Conversation>, item: Item, run: string): Promise<void> {
  const state = await stateOf(conversation);
  const change: Change = planAppend(state, state.current, [item], { at: 5, run });
  await commit(conversation.id, change);
}

async function beginRun(conversation: Owned<Conversation>, id: string): Promise<void> {
  const { current, branches } = await stateOf(conversation);
  const place = { operation: id, conversation: conversation.id, branch: current, agent: "assistant" };
  await database()
    .insert(runs)
    .values(newRun(alice, { ...place, position: branches[0]?.length ?? 0 }, Date.now()));
}

test("a turn that begins and ends while the page is made is seen whole", async () => {
  const conversation = await store([{ item: persons("First"), run: null }]);
  const restore = during(async () => {
    await append(conversation, persons("Second"), "between");
    await beginRun(conversation, "between");
    await append(conversation, answer("The answer"), "between");
    await database().update(runs).set({ status: "completed" }).where(eq(runs.id, "between"));
  });
  const { messages, run, branch } = await openThread(conversation).finally(restore);
  expect(branch.length).toBe(3);
  expect(run).toBeNull();
  expect(messages.map(({ parts }) => parts)).toMatchObject([
    [{ text: "First" }],
    [{ text: "Second" }],
    [{ text: "The answer" }],
  ]);
  expect(messages.at(-1)?.metadata?.status).toBe("completed");
});

test("an answer that ends while the page is made is followed as a live one, not shown by halves", async () => {
  const conversation = await store([{ item: persons("First"), run: "ending" }]);
  await beginRun(conversation, "ending");
  await append(conversation, answer("One."), "ending");
  const restore = during(async () => {
    await append(conversation, answer("Two."), "ending");
    await database().update(runs).set({ status: "completed" }).where(eq(runs.id, "ending"));
  });
  const { messages, run } = await openThread(conversation).finally(restore);
  expect(run).toMatchObject({ id: "ending", position: 1 });
  expect(messages.map(({ role }) => role)).toEqual(["user"]);
});
