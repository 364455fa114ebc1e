import { readUIMessageStream } from "ai";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { ThreadMessage } from "#lib/thread.ts";
import type { ThreadChunk } from "./chunk.ts";
import { Folding } from "./fold.ts";

function folded(chunks: readonly ThreadChunk[]): ThreadMessage {
  const folding = new Folding("run");
  for (const chunk of chunks) folding.add(chunk);
  return folding.message;
}

/** The same chunks through the reader of the `ai` package. */
async function read(chunks: readonly ThreadChunk[]): Promise<ThreadMessage | undefined> {
  const stream = new ReadableStream<ThreadChunk>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  let last: ThreadMessage | undefined;
  for await (const message of readUIMessageStream<ThreadMessage>({ stream })) last = message;
  return last;
}

/** Without what is undefined, and without the ids that only the reader gives to thoughts. */
const plain = (message: ThreadMessage | undefined): unknown => {
  const parts = message?.parts.map((part) => (part.type === "reasoning" ? { ...part, id: undefined } : part));
  return JSON.parse(JSON.stringify({ ...message, parts }));
};

const start: ThreadChunk = {
  type: "start",
  messageId: "run",
  messageMetadata: { agent: "triage", run: "run", position: 1, end: 1, createdAt: 7 },
};

/** Whole stretches of a stream, as a run makes them: texts, thoughts, tool calls that end well or badly, hand-offs. */
const stretch = fc
  .record({
    kind: fc.constantFrom(
      "text",
      "reasoning",
      "tool",
      "failing tool",
      "open tool",
      "asked",
      "approved",
      "rejected",
      "handoff",
    ),
    words: fc.array(fc.string(), { maxLength: 4 }),
    input: fc.dictionary(fc.string(), fc.jsonValue()),
  })
  .map(({ kind, words, input }) => (id: string): ThreadChunk[] => {
    if (kind === "text" || kind === "reasoning") {
      return [
        { type: `${kind}-start`, id },
        ...words.map((delta) => ({ type: `${kind}-delta` as const, id, delta })),
        { type: `${kind}-end`, id },
      ];
    }
    if (kind === "handoff") return [{ type: "data-handoff", id, data: { from: "triage", to: id } }];
    const called: ThreadChunk[] = [
      { type: "tool-input-start", toolCallId: id, toolName: "look_up", dynamic: true },
      { type: "tool-input-available", toolCallId: id, toolName: "look_up", input, dynamic: true },
    ];
    if (kind === "open tool") return called;
    const asked: ThreadChunk[] = [...called, { type: "tool-approval-request", approvalId: id, toolCallId: id }];
    if (kind === "asked") return asked;
    if (kind === "approved") return [...asked, { type: "tool-approval-response", approvalId: id, approved: true }];
    if (kind === "rejected") {
      return [
        ...asked,
        { type: "tool-approval-response", approvalId: id, approved: false },
        { type: "tool-output-denied", toolCallId: id },
      ];
    }
    return kind === "tool"
      ? [...called, { type: "tool-output-available", toolCallId: id, output: words, dynamic: true }]
      : [...called, { type: "tool-output-error", toolCallId: id, errorText: "Cancelled.", dynamic: true }];
  });

const finish: ThreadChunk = { type: "finish", messageMetadata: { status: "completed", end: 3, model: "demo" } };

const streams = fc
  .tuple(fc.array(stretch, { maxLength: 8 }), fc.boolean())
  .map(([stretches, whole]): ThreadChunk[] => [
    start,
    ...stretches.flatMap((chunks, place) => chunks(`id-${place}`)),
    ...(whole ? [finish] : []),
  ]);

test("folding a stream gives the message that the ai package's reader gives", async () => {
  await fc.assert(
    fc.asyncProperty(streams, async (chunks) => {
      expect(plain(folded(chunks))).toEqual(plain(await read(chunks)));
    }),
    { numRuns: 200 },
  );
});

test("folding the beginning of a stream gives what the reader has made by then", async () => {
  await fc.assert(
    fc.asyncProperty(streams, fc.nat(30), async (chunks, cut) => {
      const beginning = chunks.slice(0, cut + 1);
      expect(plain(folded(beginning))).toEqual(plain(await read(beginning)));
    }),
    { numRuns: 200 },
  );
});

test("a failed run is a message that says why", () => {
  const message = folded([
    start,
    { type: "error", errorText: "The key was refused." },
    { type: "finish", messageMetadata: { status: "failed", error: { code: "key", message: "The key was refused." } } },
  ]);
  expect(message.metadata).toMatchObject({ status: "failed", error: { code: "key", message: "The key was refused." } });
});

test("what is not being written keeps its identity", () => {
  const folding = new Folding("run");
  folding.add({ type: "text-start", id: "a" });
  folding.add({ type: "text-delta", id: "a", delta: "One." });
  folding.add({ type: "text-end", id: "a" });
  folding.add({ type: "text-start", id: "b" });
  const before = folding.message;
  folding.add({ type: "text-delta", id: "b", delta: "Two." });
  expect(folding.message).not.toBe(before);
  expect(folding.message.parts[0]).toBe(before.parts[0]);
  expect(folding.message.parts[1]).not.toBe(before.parts[1]);
});

test("chunks about something unknown change nothing", () => {
  const folding = new Folding("run");
  folding.add(start);
  const before = folding.message;
  folding.add({ type: "text-delta", id: "nowhere", delta: "?" });
  folding.add({ type: "tool-output-available", toolCallId: "nowhere", output: 1 });
  folding.add({ type: "abort" });
  expect(folding.message).toBe(before);
});

test("a second start begins the message anew: what came before it was lost on the way", () => {
  const lost: ThreadChunk[] = [
    start,
    { type: "text-start", id: "a" },
    { type: "text-delta", id: "a", delta: "Half of" },
  ];
  const whole: ThreadChunk[] = [
    start,
    { type: "text-start", id: "text-0" },
    { type: "text-delta", id: "text-0", delta: "Half of it, and the rest." },
    { type: "text-end", id: "text-0" },
    { type: "finish" },
  ];
  expect(folded([...lost, ...whole])).toEqual(folded(whole));
});
