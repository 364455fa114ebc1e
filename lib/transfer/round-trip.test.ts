import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { AgentInputItem } from "@openai/agents";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  planAppend,
  planCreate,
  planDeleteBranch,
  planFork,
  planSummary,
  planSwitch,
  planTruncate,
} from "#lib/sessions/changes.ts";
import { findBranch, lineage, partings, reachable, slice } from "#lib/sessions/segments.ts";
import type { Change, SessionState, StoredItem } from "#lib/sessions/store.ts";
import { MemoryStore } from "#lib/sessions/stores/memory.ts";
import { documentPieces } from "./document.ts";
import { printedPieces } from "./export.ts";
import { htmlPrinter } from "./html.ts";
import { type Prepared, prepare } from "./import/prepare.ts";
import { markdownPrinter } from "./markdown.ts";

const now = Date.UTC(2026, 10, 22);

interface Held {
  store: MemoryStore;
  state: SessionState;
}

async function hold(id: string, change: Change): Promise<Held> {
  const store = new MemoryStore();
  await store.commit(id, change);
  return { store, state: await stateOf(store, id) };
}

async function stateOf(store: MemoryStore, id: string): Promise<SessionState> {
  const state = await store.load(id);
  if (!state) throw new Error(`There is no session ${id}.`);
  return state;
}

async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let text = "";
  for await (const piece of pieces) text += piece;
  return text;
}

async function exported({ store, state }: Held): Promise<string> {
  const frame = { title: "A title", namespace: "general", metadata: state.metadata, exportedAt: now };
  return textOf(documentPieces(store, state, frame, []));
}

function imported(text: string): Prepared {
  const prepared = prepare(JSON.parse(text), undefined, now);
  if ("reason" in prepared) throw new Error(prepared.reason);
  return prepared;
}

/** All that a session holds, without the ids that only this store uses. */
async function shape({ store, state }: Held) {
  const runs = new Map<string, number>();
  const plain = ({ segment: _segment, run, ...stored }: StoredItem) => ({
    ...stored,
    run: run === null ? null : (runs.get(run) ?? runs.set(run, runs.size).get(run)),
  });
  const branches = [];
  for (const { id, name, agent, length, createdAt, updatedAt } of state.branches) {
    const items = (await store.read(state.id, lineage(state, id))).map(plain);
    const versions = partings(state, id).map(({ position, index, versions: all }) => ({
      position,
      index,
      branches: all.map(({ branch }) => findBranch(state, branch).name),
    }));
    branches.push({ name, agent, length, createdAt, updatedAt, items, versions });
  }
  const summaries = [];
  const reach = reachable(state);
  for (const { segment, position, items, createdAt } of state.summaries) {
    // Of a deleted branch only.
    if (position > (reach.get(segment) ?? -1)) continue;
    const pointer = { ...findBranch(state), id: "pointer", segment, length: position };
    const before = await store.read(state.id, lineage({ ...state, branches: [pointer] }, "pointer"));
    summaries.push({ items, position, createdAt, before: before.map(({ item }) => item) });
  }
  const stored = new Set<string>();
  for (const { id } of state.branches) {
    for (const { segment, position } of await store.read(state.id, lineage(state, id)))
      stored.add(`${segment} ${position}`);
  }
  return { branches, current: findBranch(state).name, metadata: state.metadata, stored: stored.size, summaries };
}

const words = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.constantFrom("__proto__", "```", "<b>", "\u0000", "日本", "\ud800"),
);
const json = fc.jsonValue({ maxDepth: 3 });
const callId = fc.constantFrom("c1", "c2", "c3");
const output = fc.oneof(
  words,
  words.map((text) => ({ type: "text" as const, text })),
  words.map((text) => [{ type: "input_text" as const, text }]),
);
const picture = fc
  .uint8Array({ maxLength: 40 })
  .map((bytes) => `data:image/png;base64,${Buffer.from(bytes).toString("base64")}`);

const item: fc.Arbitrary<AgentInputItem> = fc.oneof(
  words.map((content): AgentInputItem => ({ role: "user", content })),
  fc.tuple(words, picture).map(
    ([text, image]): AgentInputItem => ({
      role: "user",
      content: [
        { type: "input_text", text },
        { type: "input_image", image },
      ],
    }),
  ),
  fc.tuple(words, fc.constantFrom("completed" as const, "incomplete" as const), fc.dictionary(words, json)).map(
    ([text, status, providerData]): AgentInputItem => ({
      type: "message",
      role: "assistant",
      status,
      content: [{ type: "output_text", text }],
      providerData,
    }),
  ),
  words.map((text): AgentInputItem => ({ type: "reasoning", content: [{ type: "input_text", text }] })),
  fc
    .tuple(callId, words, words)
    .map(([id, name, input]): AgentInputItem => ({ type: "function_call", callId: id, name, arguments: input })),
  fc.tuple(callId, words, output).map(
    ([id, name, result]): AgentInputItem => ({
      type: "function_call_result",
      callId: id,
      name,
      status: "completed",
      output: result,
    }),
  ),
  callId.map(
    (id): AgentInputItem => ({ type: "function_call", callId: id, name: "transfer_to_Billing", arguments: "{}" }),
  ),
  callId.map(
    (id): AgentInputItem => ({
      type: "function_call_result",
      callId: id,
      name: "transfer_to_Billing",
      status: "completed",
      output: { type: "text", text: '{"assistant":"Billing"}' },
    }),
  ),
  words.map((name): AgentInputItem => ({ type: "hosted_tool_call", name, status: "completed" })),
);

const who = fc.constantFrom(null, "triage", "billing", "somebody else");
const step = fc.record({
  kind: fc.constantFrom("append", "append", "append", "fork", "fork", "switch", "truncate", "summary", "delete"),
  pick: fc.nat(1000),
  place: fc.nat(1000),
  items: fc.array(item, { minLength: 1, maxLength: 4 }),
  agent: who,
  run: fc.constantFrom(null, "run 1", "run 2"),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function plan(state: SessionState, { kind, pick, place, items, agent, run }: Step, at: number): Change | undefined {
  const branch = state.branches[pick % state.branches.length] ?? findBranch(state);
  const position = place % (branch.length + 1);
  if (kind === "append") return planAppend(state, branch.id, items, { at, agent, run, branchAgent: agent });
  if (kind === "fork")
    return planFork(state, branch.id, position, { at, name: `Branch ${at}`, makeCurrent: pick % 2 === 0 });
  if (kind === "switch") return planSwitch(state, branch.id, { at });
  if (kind === "delete")
    return state.branches.length > 1 ? planDeleteBranch(state, branch.id, { at, force: true }) : undefined;
  if (kind === "truncate") return planTruncate(state, branch.id, position, { at });
  return position > 0 ? planSummary(state, branch.id, position, items, { at }) : undefined;
}

async function grow(first: AgentInputItem[], steps: Step[]): Promise<Held> {
  const held = await hold("ana:support/1", planCreate({ items: first, at: now, metadata: { made: "by chance" } }));
  for (const [index, next] of steps.entries()) {
    const change = plan(held.state, next, now + (index + 1) * 1000);
    if (change) await held.store.commit(held.state.id, change);
    held.state = await stateOf(held.store, held.state.id);
  }
  return held;
}

test("import(export(x)) is x, but for ids", async () => {
  const conversations = fc.record({
    first: fc.array(item, { minLength: 1, maxLength: 5 }),
    steps: fc.array(step, { maxLength: 12 }),
  });
  await fc.assert(
    fc.asyncProperty(conversations, async ({ first, steps }) => {
      const before = await grow(first, steps);
      fc.pre(before.state.branches.some(({ length }) => length > 0));
      const prepared = imported(await exported(before));
      expect(prepared.notes.list()).toEqual([]);
      const after = await hold("copy", { ...prepared.change, metadata: prepared.metadata });
      const [left, right] = [await shape(before), await shape(after)];
      const reached = left.summaries.filter(({ before: past }) => past.length > 0);
      expect(right).toEqual(JSON.parse(JSON.stringify({ ...left, summaries: reached })));
    }),
    { numRuns: 150 },
  );
}, 60_000);

test("pages of any size make one document", async () => {
  const large = "x".repeat(300_000);
  const items = Array.from(
    { length: 40 },
    (_, index): AgentInputItem => ({ role: "user", content: `${index} ${large}` }),
  );
  const held = await hold("large", planCreate({ items, at: now }));
  const document = JSON.parse(await exported(held));
  expect(document.messages).toHaveLength(40);
  const ranges = slice(lineage(held.state), 39, 40);
  expect(document.messages[39].item).toEqual((await held.store.read("large", ranges))[0]?.item);
});

const visible: Record<string, string[]> = {
  chatgpt: [
    "Plan a weekend in Lisbon.",
    "alert('u')",
    "First version of the plan.",
    "Rain on Sunday, so museums.",
    "print(2 * 21)",
    "42",
    "Second version, with museums.",
    "https://museum.example/azulejo",
    "What is in this picture?",
    "file-AbC123",
    "notes.pdf",
    "a kind that nobody knows yet",
    "A root with a dangerous name",
    "I follow you",
    "and I follow you",
  ],
  claude: [
    "How are azulejos made?",
    "clay, glaze, fire",
    "photo.jpg",
    "They ask about tiles.",
    "azulejo",
    "Tin-glazed tiles",
    "In two firings.",
    "https://tiles.example/",
    "whisper",
    "An older answer that only has text.",
    "Thanks",
    "An older export has no parents",
    "and here an id comes twice",
  ],
  "librechat-flat": [
    "Say something twice",
    "Twice it is.",
    "Something.",
    "Again, with a tool.",
    "calculator",
    "Something again.",
    "chart.png",
    "Below an empty one",
    "A second root",
  ],
  "librechat-recursive": ["Nested question", "First nested answer", "Second nested answer", "Go on"],
  "open-webui": [
    "Count to three",
    "iVBORw0KGgo=",
    "One, two, three.",
    "counter",
    "Count in the output.",
    "1, 2, 3 from the output.",
    "https://numbers.example/",
    "Old question",
    "Old answer",
  ],
  "chatbot-ui": ["Short question", "Short answer"],
  plain: ["Answer in English.", "A plain question", "lookup", "seven", "A plain answer", "An unknown role"],
  switchboard: [
    "I was charged twice",
    "Billing",
    "I see two charges.",
    "Refund one, please",
    "The refund is on its way.",
  ],
};

for (const [name, parts] of Object.entries(visible)) {
  test(`export(import(${name})) loses nothing visible, in any format`, async () => {
    const texts = { json: "", markdown: "", html: "" };
    for (const prepared of everyConversation(name)) {
      const held = await hold("one", prepared.change);
      const text = await exported(held);
      texts.json += text;
      const copy = await hold("two", imported(text).change);
      expect((await shape(copy)).branches).toEqual((await shape(held)).branches);
      for (const { id, name: branch } of held.state.branches) {
        const about = { title: "T", namespace: "n", branch, branches: 1, createdAt: now, exportedAt: now };
        texts.markdown += await textOf(printedPieces(held.store, held.state, id, about, markdownPrinter));
        texts.html += await textOf(printedPieces(held.store, held.state, id, about, htmlPrinter()));
      }
    }
    const html = texts.html.replaceAll("&#39;", "'").replaceAll("&amp;", "&");
    for (const part of parts) {
      expect(texts.json, `json: ${part}`).toContain(part);
      expect(texts.markdown, `markdown: ${part}`).toContain(part);
      expect(html, `html: ${part}`).toContain(part);
    }
    expect(texts.html.slice(texts.html.indexOf("</style>"))).not.toMatch(/<script|onerror=alert\(1\)>(?!&)[^&]*<\/img/);
  });
}

const markup = '<script>alert(1)</script><img src=x onerror="alert(2)"><svg/onload=alert(3)>';
const spoken = new Set(
  "title name text content thinking output args arguments result parts sender file_name summary model language url".split(
    " ",
  ),
);
const moments = /time|timestamp|_at$|At$/;

for (const name of Object.keys(visible)) {
  test(`markup in every text of ${name} stays text`, async () => {
    const all = everyConversation(name, (key, value) =>
      typeof value === "string" && spoken.has(key) ? value + markup : value,
    );
    expect(all).not.toEqual([]);
    for (const prepared of all) {
      const { store, state } = await hold("one", prepared.change);
      const about = {
        title: `${prepared.title}${markup}`,
        namespace: "n",
        branch: markup,
        branches: 2,
        createdAt: now,
        exportedAt: now,
      };
      for (const { id } of state.branches) {
        const html = await textOf(printedPieces(store, state, id, about, htmlPrinter()));
        expect(html).toContain("&lt;script&gt;alert(1)");
        expect(html).not.toMatch(/<script|<svg|<img(?! alt="Image" src="data:image\/)|<[^>]* on(error|load)=/i);
      }
    }
  });
}

// Our own document is written by no one else: there, a moment that is none is refused with its place.
for (const name of Object.keys(visible).filter((kind) => kind !== "switchboard")) {
  test(`moments of any kind in ${name} leave its messages as they are`, () => {
    const before = everyConversation(name).map(({ messages, branches }) => ({ messages, branches }));
    for (const odd of [null, -1, 0, 1e300, "yesterday", "", {}, [], true]) {
      const after = everyConversation(name, (key, value) => (moments.test(key) ? odd : value));
      expect(after, JSON.stringify(odd)).toMatchObject(before);
    }
  });
}

type Reviver = (key: string, value: unknown) => unknown;

function everyConversation(name: string, change: Reviver = (_key, value) => value): Prepared[] {
  const file = join(import.meta.dirname, "fixtures", `${name}.json`);
  const value = JSON.parse(readFileSync(file, "utf8"), change);
  const within = Array.isArray(value.history) ? "history" : undefined;
  const listed: unknown[] = Array.isArray(value) ? value : (value.history ?? [value]);
  return listed.flatMap((one) => {
    const prepared = prepare(one, within, now);
    return "reason" in prepared ? [] : [prepared];
  });
}
