import type { AgentInputItem } from "@openai/agents";
import { readUIMessageStream } from "ai";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { StoredItem } from "#lib/sessions/store.ts";
import type { ThreadMessage } from "#lib/thread.ts";
import { itemsOf } from "./cut-off.ts";
import { chunksOf } from "./draw.ts";
import { cancelledResult, isCall } from "./parts.ts";
import { project } from "./project.ts";
import { type Chunk, Translator } from "./translate.ts";

/** What the model made in one run: each output, cut into the deltas in which it came, or whole. */
interface Output {
  items: AgentInputItem[];
  deltas: string[] | null;
}

const agentIds = (name: string) => name.toLowerCase();
const words = fc.string({ minLength: 1, maxLength: 30, unit: "grapheme" });

const message = fc.array(words, { minLength: 1, maxLength: 5 }).chain((deltas) =>
  fc.boolean().map(
    (streamed): Output => ({
      items: [
        {
          type: "message",
          role: "assistant",
          status: "completed",
          content: [{ type: "output_text", text: deltas.join("") }],
        },
      ],
      deltas: streamed ? deltas : null,
    }),
  ),
);

const call = fc
  .record({
    name: fc.constantFrom("look_up", "calculate"),
    arguments: fc.constantFrom("{}", '{"a":1}', "not json"),
    output: words,
  })
  .map(
    (made): Output => ({
      items: [
        { type: "function_call", callId: "", name: made.name, arguments: made.arguments },
        {
          type: "function_call_result",
          callId: "",
          name: made.name,
          status: "completed",
          output: { type: "text", text: made.output },
        },
      ],
      deltas: null,
    }),
  );

const handoff = fc.constantFrom("Billing", "Travel").map(
  (name): Output => ({
    items: [
      { type: "function_call", callId: "", name: `transfer_to_${name}`, arguments: "{}" },
      {
        type: "function_call_result",
        callId: "",
        name: `transfer_to_${name}`,
        status: "completed",
        output: { type: "text", text: JSON.stringify({ assistant: name }) },
      },
    ],
    deltas: null,
  }),
);

const reasoning = words.map(
  (text): Output => ({ items: [{ type: "reasoning", content: [{ type: "input_text", text }] }], deltas: null }),
);

const outputs = fc.array(fc.oneof(message, call, handoff, reasoning), { minLength: 1, maxLength: 8 }).map((made) =>
  made.map((output, index) => ({
    ...output,
    items: output.items.map((item) =>
      "callId" in item ? { ...item, callId: `call-${index}` } : item,
    ) as AgentInputItem[],
  })),
);

function stream(made: Output[], cutAt: number): { chunks: Chunk[]; items: AgentInputItem[] } {
  const translator = new Translator(agentIds);
  const chunks: Chunk[] = [{ type: "start", messageId: "run" }];
  const items: AgentInputItem[] = [];
  for (const { items: finished, deltas } of made) {
    for (const delta of deltas ?? []) chunks.push(...translator.said({ kind: "text", delta }));
    chunks.push(...translator.said({ kind: "answer-end" }));
    for (const item of finished) {
      if (items.length >= cutAt) break;
      items.push(item);
      chunks.push(...translator.item(item, "triage"));
    }
    if (items.length >= cutAt) break;
  }
  for (const open of translator.openCalls.map(cancelledResult)) {
    items.push(open);
    chunks.push(...translator.item(open, "triage"));
  }
  items.push(...itemsOf(translator.pending));
  chunks.push(...translator.end(), { type: "finish" });
  return { chunks, items };
}

async function fold(chunks: Chunk[]): Promise<unknown> {
  let last: ThreadMessage | undefined;
  for await (const state of readUIMessageStream<ThreadMessage>({
    stream: new Blob([]).stream().pipeThrough(replay(chunks)),
    terminateOnError: true,
  }))
    last = state;
  return normal(last?.parts ?? []);
}

const replay = (chunks: Chunk[]) =>
  new TransformStream({
    flush(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
    },
  });

/** Without the names of stretches, which only a stream has, and without what is there but undefined. */
function normal(parts: ThreadMessage["parts"]): unknown {
  return parts.map((part) => JSON.parse(JSON.stringify(part.type === "reasoning" ? { ...part, id: undefined } : part)));
}

function stored(items: AgentInputItem[]): StoredItem[] {
  return items.map((item, position) => ({ segment: "s", position, item, agent: "triage", run: "run", createdAt: 0 }));
}

test("folding the events of a run gives the same message as projecting its items", async () => {
  await fc.assert(
    fc.asyncProperty(outputs, fc.integer({ min: 1, max: 20 }), async (made, cutAt) => {
      const { chunks, items } = stream(made, cutAt);
      const [projected] = project(stored(items), [], agentIds);
      expect(await fold(chunks)).toEqual(normal(projected?.parts ?? []));
    }),
    { numRuns: 300 },
  );
});

test("a message drawn from items gives itself again as a stream", async () => {
  await fc.assert(
    fc.asyncProperty(outputs, async (made) => {
      const items = made.flatMap((output) => output.items);
      const [projected] = project(stored(items), [], agentIds);
      const chunks = chunksOf(projected, { id: "run", error: null, status: "completed" });
      expect(await fold(chunks)).toEqual(normal(projected?.parts ?? []));
    }),
    { numRuns: 100 },
  );
});

test("every call is closed, and no text is lost, wherever a run is cut", () => {
  fc.assert(
    fc.property(outputs, fc.integer({ min: 1, max: 20 }), (made, cutAt) => {
      const { items } = stream(made, cutAt);
      const open = items
        .filter(isCall)
        .filter(({ callId }) => !items.some((item) => item.type === "function_call_result" && item.callId === callId));
      expect(open).toEqual([]);
    }),
  );
});
