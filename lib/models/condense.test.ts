import fc from "fast-check";
import { Stream } from "openai/streaming";
import { expect, test, vi } from "vitest";
import { Condenser } from "./condense.ts";
import type { Said } from "./said.ts";

/** Streams of both APIs, through the condenser and around it, read by the client that reads them in the product. */

const words = fc.string({ minLength: 1, maxLength: 12, unit: "grapheme" });
const chat = (delta: object, more: object = {}, finish: string | null = null) => ({
  id: "c1",
  object: "chat.completion.chunk",
  choices: [{ index: 0, delta, finish_reason: finish }],
  ...more,
});

const chatEvent = fc.oneof(
  { weight: 6, arbitrary: words.map((content) => chat({ content })) },
  {
    weight: 2,
    arbitrary: words.map((content) => chat({ role: "assistant", content, tool_calls: null, refusal: null })),
  },
  { weight: 2, arbitrary: words.map((reasoning) => chat({ content: "", reasoning })) },
  words.map((reasoning_content) => chat({ content: null, reasoning_content })),
  fc.tuple(words, words).map(([content, reasoning]) => chat({ content, reasoning })),
  words.map((text) => chat({ tool_calls: [{ index: 0, function: { arguments: text } }] })),
  words.map((content) => chat({ content }, { usage: { total_tokens: 3 } })),
  words.map((content) => chat({ content }, {}, "stop")),
  words.map((content) => ({
    ...chat({ content }),
    choices: [{ index: 0, delta: { content }, logprobs: { content: [] } }],
  })),
  fc.constant({ id: "c1", choices: [], usage: { total_tokens: 3 } }),
  fc.constant(chat({})),
);

const responsesEvent = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(words, fc.constantFrom("m1", "m2")).map(([delta, item_id]) => ({
      type: "response.output_text.delta",
      item_id,
      content_index: 0,
      delta,
    })),
  },
  words.map((delta) => ({ type: "response.reasoning_summary_text.delta", item_id: "r", summary_index: 0, delta })),
  words.map((delta) => ({ type: "response.function_call_arguments.delta", item_id: "f", delta })),
  fc.constant({ type: "response.output_item.done", item: { id: "m1" } }),
  fc.constant({ type: "response.created", response: { id: "resp" } }),
);

type Event = Record<string, unknown>;
const stream = fc.oneof(fc.array(chatEvent, { maxLength: 25 }), fc.array(responsesEvent, { maxLength: 25 }));

/** As servers write events: with a name or without, with comments and other fields, and with either line end. */
const written = (events: Event[], lineEnd: string, styles: number[]) =>
  events
    .map((event, place) => {
      const data = `data: ${JSON.stringify(event)}`;
      const style = styles[place % styles.length] ?? 0;
      if (style === 1) return `event: ${event.type ?? "message"}\n${data}\n\n`;
      if (style === 2) return `: still there\n\n${data}\n\n`;
      if (style === 3) return `${data}\nid: ${place}\n\n`;
      return `${data}\n\n`;
    })
    .concat("data: [DONE]\n\n")
    .join("")
    .replaceAll("\n", lineEnd);

/** The text in pieces of these lengths. */
function cut(text: string, lengths: number[]): string[] {
  const pieces: string[] = [];
  for (let from = 0, place = 0; from < text.length; place += 1) {
    const to = from + (lengths[place % lengths.length] ?? 1);
    pieces.push(text.slice(from, to));
    from = to;
  }
  return pieces;
}

function condense(pieces: string[]): { passed: string; said: Said[] } {
  const said: Said[] = [];
  const condenser = new Condenser(
    (one) => said.push(one),
    () => {},
  );
  const passed = pieces.map((piece) => condenser.take(piece)).join("") + condenser.end();
  return { passed, said };
}

async function read(text: string): Promise<Event[]> {
  const events: Event[] = [];
  for await (const event of Stream.fromSSEResponse<Event>(new Response(text), new AbortController()))
    events.push(event);
  return events;
}

/** What these events say in all, with pieces that follow each other joined: what a reader makes of them. */
function whole(events: Event[]): unknown[] {
  const all: { line: string; value: unknown }[] = [];
  for (const event of events) {
    const copy = structuredClone(event);
    const texts: string[] = [];
    const holder = Array.isArray(copy.choices) ? copy.choices[0]?.delta : copy;
    for (const name of ["content", "reasoning", "reasoning_content", "delta"]) {
      if (typeof holder?.[name] !== "string" || holder[name] === "") continue;
      texts.push(`${name}:${holder[name]}`);
      holder[name] = "…";
    }
    // A null beside a text says nothing, and only the first piece's are kept.
    if (holder && Array.isArray(copy.choices)) {
      for (const name of Object.keys(holder)) if (name === "role" || !holder[name]) delete holder[name];
    }
    const line = JSON.stringify(copy);
    const last = all.at(-1);
    const [text] = texts;
    const grows = texts.length === 1 && last?.line === line && typeof last.value === "string";
    if (grows && last && text) last.value += text.slice(text.indexOf(":") + 1);
    else all.push({ line, value: texts.length === 1 ? text : texts });
  }
  return all;
}

const settings = fc.record({
  lineEnd: fc.constantFrom("\n", "\r\n"),
  styles: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 4 }),
  lengths: fc.array(fc.integer({ min: 1, max: 80 }), { minLength: 1, maxLength: 6 }),
});

test("what is passed on says the same as what came, however it was cut", async () => {
  await fc.assert(
    fc.asyncProperty(stream, settings, async (events, { lineEnd, styles, lengths }) => {
      const text = written(events, lineEnd, styles);
      const { passed } = condense(cut(text, lengths));
      expect(whole(await read(passed))).toEqual(whole(await read(text)));
    }),
    { numRuns: 300 },
  );
});

test("what is told is each text as it came, in order", () => {
  fc.assert(
    fc.property(stream, settings, (events, { lineEnd, styles, lengths }) => {
      const { said } = condense(cut(written(events, lineEnd, styles), lengths));
      const one = events.flatMap((event) => condense([written([event], "\n", [0])]).said);
      expect(said).toEqual(one);
    }),
  );
});

test("a long answer is passed on in few events, and told in as many as came", () => {
  const events = Array.from({ length: 500 }, (_, place) => chat({ content: `word ${place} ` }));
  const { passed, said } = condense([written([...events, chat({}, {}, "stop")], "\n", [0])]);
  expect(said).toHaveLength(500);
  expect(passed.match(/^data:/gm)).toHaveLength(4);
});

test("what is not JSON, and half an event at the end, are passed on for the client to judge", async () => {
  const { passed, said } = condense(['data: {"choices":[]}\n\ndata: {oops\n\ndata: {"id":']);
  expect(passed).toBe('data: {"choices":[]}\n\ndata: {oops\n\ndata: {"id":');
  expect(said).toEqual([]);
  const complaint = vi.spyOn(console, "error").mockImplementation(() => {});
  await expect(read(passed)).rejects.toThrow("malformed");
  complaint.mockRestore();
});

test("events count as signs of life, comments do not", () => {
  let stirred = 0;
  const condenser = new Condenser(
    () => {},
    () => {
      stirred += 1;
    },
  );
  condenser.take(": processing\n\n: processing\n\n");
  expect(stirred).toBe(0);
  condenser.take('data: {"choices":[]}\n\n');
  expect(stirred).toBe(1);
});
