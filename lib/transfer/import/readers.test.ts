import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { AgentInputItem } from "@openai/agents";
import { describe, expect, test } from "vitest";
import { textOf } from "#lib/runs/parts.ts";
import { lineage } from "#lib/sessions/segments.ts";
import { detectKind } from "./detect.ts";
import { importedId, type Prepared, prepare } from "./prepare.ts";

const now = Date.UTC(2026, 10, 22);

function fixture(name: string): unknown[] {
  const path = join(import.meta.dirname, "../fixtures", `${name}.json`);
  const value: unknown = JSON.parse(readFileSync(path, "utf8"));
  return Array.isArray(value) ? value : [value];
}

function ready(value: unknown, within?: string): Prepared {
  const prepared = prepare(value, within, now);
  if ("reason" in prepared) throw new Error(prepared.reason);
  return prepared;
}

/** The items of a branch, the current one unless another is named, in their order. */
function itemsOf({ change }: Prepared, name?: string): AgentInputItem[] {
  const { branches = [], segments = [], items = [] } = change;
  const branch = branches.find((one) => (name === undefined ? one.id === change.current : one.name === name));
  if (!branch) throw new Error(`There is no branch ${name}.`);
  const state = {
    id: "",
    current: branch.id,
    branches,
    segments,
    summaries: [],
    metadata: {},
    createdAt: 0,
    updatedAt: 0,
  };
  return lineage(state).flatMap(({ segment, from, to }) =>
    items
      .filter((item) => item.segment === segment && item.position >= from && item.position < to)
      .toSorted((left, right) => left.position - right.position)
      .map(({ item }) => item),
  );
}

const kindsOf = (items: AgentInputItem[]) => items.map((item) => ("role" in item ? item.role : item.type));
const allText = (prepared: Prepared) => JSON.stringify(prepared.change.items?.map(({ item }) => item));

test("each kind is told by its content", () => {
  const kinds = Object.entries({
    chatgpt: "chatgpt",
    claude: "claude",
    "librechat-flat": "librechat",
    "librechat-recursive": "librechat",
    "open-webui": "open-webui",
    plain: "plain",
    switchboard: "switchboard",
  });
  for (const [name, kind] of kinds) expect(detectKind(fixture(name)[0] as Record<string, unknown>), name).toBe(kind);
  for (const value of [null, 1, "x", [], {}, { mapping: 3 }])
    expect(prepare(value, undefined, now)).toHaveProperty("reason");
});

describe("ChatGPT", () => {
  const [lisbon, circle, broken, empty] = fixture("chatgpt");

  test("shows the current path with thoughts, tools, sources and pictures, and keeps the other version", () => {
    const prepared = ready(lisbon);
    const shown = itemsOf(prepared);
    expect(kindsOf(shown)).toEqual([
      "user",
      "reasoning",
      "function_call",
      "function_call_result",
      "assistant",
      "user",
      "assistant",
    ]);
    expect(shown[2]).toMatchObject({ name: "python", arguments: '{"code":"print(2 * 21)"}' });
    expect(textOf(shown[4] as AgentInputItem)).toBe(
      "Second version, with museums.\n\nSources:\n- [Museum of Azulejo](<https://museum.example/azulejo>)",
    );
    expect(allText(prepared)).toContain("First version of the plan.");
    expect(prepared).toMatchObject({ title: "A weekend in Lisbon", branches: 2, createdAt: 1760000000250 });
  });

  test("leaves out what ChatGPT hides, and says what it did not know", () => {
    const prepared = ready(lisbon);
    expect(allText(prepared)).not.toContain("hidden instruction");
    expect(allText(prepared)).toContain("a kind that nobody knows yet");
    expect(prepared.notes.list()).toEqual(['Content of the unknown kind "hologram" came in as it is.']);
  });

  test("takes the model from the message, else from the conversation, and times from what came before", () => {
    const items = ready(lisbon).change.items ?? [];
    const told = items.find(({ item }) => textOf(item).startsWith("First version"));
    const result = items.find(({ item }) => item.type === "function_call_result");
    expect(told?.model).toBe("gpt-4o");
    expect(result).toMatchObject({ model: "gpt-5", createdAt: 1760000004000 });
  });

  test("cuts circles, keeps several roots and dangerous names", () => {
    const prepared = ready(circle);
    expect(prepared).toMatchObject({ messages: 3, branches: 2 });
    expect(allText(prepared)).toContain("A root with a dangerous name");
    expect(itemsOf(prepared).map(textOf)).toEqual(["I follow you", "and I follow you"]);
    expect(({} as Record<string, unknown>).parent).toBeUndefined();
  });

  test("refuses what is no conversation and what is empty, with the reason", () => {
    expect(prepare(broken, undefined, now)).toEqual({
      kind: undefined,
      title: "No mapping here",
      reason: "It is not a conversation of a known kind. It has the fields id, title, create_time.",
    });
    expect(prepare(empty, undefined, now)).toMatchObject({ kind: "chatgpt", reason: "It has no messages." });
  });
});

describe("Claude", () => {
  const [tiles, old, empty] = fixture("claude");

  test("follows parents, with thinking, tools, attachments and sources", () => {
    const prepared = ready(tiles);
    expect(kindsOf(itemsOf(prepared))).toEqual([
      "user",
      "reasoning",
      "function_call",
      "function_call_result",
      "function_call",
      "function_call_result",
      "assistant",
      "assistant",
      "user",
    ]);
    for (const part of ["clay, glaze, fire", "photo.jpg", "https://tiles.example/", "whisper"]) {
      expect(allText(prepared)).toContain(part);
    }
    expect(allText(prepared)).toContain("An older answer that only has text.");
    expect(prepared.branches).toBe(2);
  });

  test("a call without a result is closed", () => {
    const results = itemsOf(ready(tiles)).filter((item) => item.type === "function_call_result");
    expect(results.map(({ status }) => status)).toEqual(["completed", "incomplete"]);
  });

  test("without parents the order of the list counts, whatever the ids", () => {
    expect(itemsOf(ready(old)).map(textOf)).toEqual(["An older export has no parents", "and here an id comes twice"]);
    expect(prepare(empty, undefined, now)).toHaveProperty("reason");
  });
});

describe("LibreChat", () => {
  test("flat: links, parts, an empty message in between and a second root; the newest end is shown", () => {
    const prepared = ready(fixture("librechat-flat")[0]);
    const shown = itemsOf(prepared);
    expect(kindsOf(shown)).toEqual([
      "user",
      "reasoning",
      "function_call",
      "function_call_result",
      "assistant",
      "assistant",
      "user",
    ]);
    expect(textOf(shown.at(-1) as AgentInputItem)).toBe("Below an empty one");
    expect(prepared.branches).toBe(3);
    expect(allText(prepared)).toContain("Twice it is.");
    expect(allText(prepared)).not.toContain(":::");
    expect(allText(prepared)).toContain("A second root");
  });

  test("nested: the nesting counts, not the parent that a message names", () => {
    const prepared = ready(fixture("librechat-recursive")[0]);
    expect(itemsOf(prepared).map(textOf)).toEqual(["Nested question", "Second nested answer", "Go on"]);
    expect(prepared.branches).toBe(2);
  });
});

describe("Open WebUI", () => {
  const [chat, old] = fixture("open-webui");

  test("prefers the output to the text, and reads the marks in the text where there is none", () => {
    const prepared = ready(chat);
    expect(itemsOf(prepared).map(textOf).join("|")).toContain("1, 2, 3 from the output.");
    const other = itemsOf(prepared, "Count to three");
    expect(kindsOf(other)).toEqual(["user", "reasoning", "assistant", "function_call", "function_call_result"]);
    expect(other[1]).toMatchObject({ content: [{ text: 'Counting is "easy".' }] });
    expect(other[3]).toMatchObject({ arguments: '{"to":3}' });
    expect(prepared).toMatchObject({ archived: true, metadata: { tags: ["travel"], folder: "folder-9" } });
    expect(allText(prepared)).toContain("data:image/png;base64,iVBORw0KGgo=");
    expect(allText(prepared)).not.toContain("shown only where there is no output");
  });

  test("old files are the chat itself, its messages in a row", () => {
    expect(itemsOf(ready(old)).map(textOf)).toEqual(["Old question", "Old answer"]);
  });
});

test("chatbot-ui: each conversation of the history", () => {
  const [file] = fixture("chatbot-ui") as { history: unknown[] }[];
  const prepared = ready(file?.history[0], "history");
  expect(prepared).toMatchObject({
    kind: "chatbot-ui",
    title: "From chatbot-ui",
    metadata: { model: "gpt-3.5-turbo" },
  });
  expect(itemsOf(prepared).map(textOf)).toEqual(["Short question", "Short answer"]);
});

test("plain messages: one straight branch, tools paired, unknown roles kept", () => {
  const prepared = ready(fixture("plain")[0]);
  const items = itemsOf(prepared);
  expect(kindsOf(items)).toEqual(["system", "user", "function_call", "function_call_result", "assistant", "assistant"]);
  expect(items[3]).toMatchObject({ name: "lookup" });
  expect(prepared.createdAt).toBe(Date.parse("2026-05-05T05:05:05.000Z"));
});

test("our own document: tree, agents, summaries, current branch; runs get ids of their own", () => {
  const prepared = ready(fixture("switchboard")[0]);
  expect(itemsOf(prepared).map(textOf)).toEqual([
    "I was charged twice",
    "I see two charges.",
    "Refund one, please",
    "The refund is on its way.",
  ]);
  expect(prepared.change.branches).toMatchObject([
    { name: "main", agent: "triage", length: 3 },
    { name: "Second try", agent: "billing", length: 4 },
  ]);
  expect(prepared.change.summaries).toMatchObject([{ position: 2 }]);
  expect(prepared).toMatchObject({ namespace: "support", metadata: { source: "fixture" } });
  expect(JSON.stringify([prepared.runs, prepared.change.items])).not.toContain('"r1"');
});

test("an entry of our own document that is none does not reach the thread as one", () => {
  const document = { ...(fixture("switchboard")[0] as object), head: "m1", branches: [], summaries: [] };
  const item = { type: "function_call_result", callId: 1 };
  const messages = [{ id: "m1", parent_id: null, created_at: "2026-11-20T10:00:00.000Z", item }];
  const prepared = ready({ ...document, messages });
  expect(prepared.change.items?.map((stored) => stored.item)).toEqual([
    { type: "unknown", providerData: { entry: item } },
  ]);
  expect(prepared.notes.list()).toHaveLength(1);
});

test("the id comes from person, source and content; titles and moments of export do not count", () => {
  const [one] = fixture("librechat-flat") as object[];
  const again = importedId("ana", ready({ ...one, exportAt: "11:00:00 GMT", title: "Renamed" }));
  expect(again).toBe(importedId("ana", ready(one)));
  expect(importedId("ben", ready(one))).not.toBe(again);
  expect(again).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
});
