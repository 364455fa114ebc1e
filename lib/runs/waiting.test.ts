import type { AgentInputItem } from "@openai/agents";
import { readUIMessageStream } from "ai";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Approval } from "#db/schema.ts";
import type { StoredItem } from "#lib/sessions/store.ts";
import type { ThreadMessage } from "#lib/thread.ts";
import { chunksOf } from "./draw.ts";
import { type Call, callResult, cancelledResult, rejectedText } from "./parts.ts";
import { project, type RunFacts } from "./project.ts";
import { type Chunk, Translator } from "./translate.ts";

/** What a run looks like that waits for a person: from its events, from its items, and from these drawn again. */

const run: RunFacts = {
  id: "run",
  agent: "billing",
  status: "waiting",
  model: null,
  error: null,
  position: 1,
  createdAt: 0,
  finishedAt: null,
};
const agentIds = (name: string) => name;

const calls = fc.array(
  fc.record({
    decision: fc.constantFrom("approved" as const, "rejected" as const),
    output: fc.oneof(fc.string(), fc.record({ refund: fc.string() })),
    stopped: fc.boolean(),
  }),
  { minLength: 1, maxLength: 4 },
);

const callNumber = (index: number): Call => ({
  type: "function_call",
  callId: `call-${index}`,
  name: "issue_refund",
  arguments: `{"charge":"ch_${index}"}`,
});

/** Without what only the reader keeps: that a call which has been made was asked about before. */
function normal(parts: ThreadMessage["parts"] = []): unknown {
  return parts.map((part) => {
    const made = "state" in part && (part.state === "output-available" || part.state === "output-error");
    return JSON.parse(JSON.stringify(made ? { ...part, approval: undefined } : part));
  });
}

async function fold(chunks: Chunk[]): Promise<unknown> {
  const stream = new ReadableStream<Chunk>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  let last: ThreadMessage | undefined;
  for await (const state of readUIMessageStream<ThreadMessage>({ stream, terminateOnError: true })) last = state;
  return normal(last?.parts);
}

const stored = (items: AgentInputItem[]): StoredItem[] =>
  items.map((item, position) => ({ segment: "s", position, item, agent: "billing", run: "run", createdAt: 0 }));

test("waiting, decided and carried out one by one: events and items show the same", async () => {
  await fc.assert(
    fc.asyncProperty(calls, async (asked) => {
      const translator = new Translator(agentIds);
      const items: AgentInputItem[] = asked.map((_, index) => callNumber(index));
      const chunks: Chunk[] = [
        { type: "start", messageId: "run" },
        ...items.flatMap((item) => translator.item(item, "billing")),
        ...asked.map(
          (_, index): Chunk => ({
            type: "tool-approval-request",
            approvalId: `call-${index}`,
            toolCallId: `call-${index}`,
          }),
        ),
      ];
      const same = async (approvals: Approval[]) => {
        const [projected] = project(stored(items), [{ ...run, approvals }], agentIds);
        expect(await fold(chunks)).toEqual(normal(projected?.parts));
        const again = chunksOf(projected, { id: "run", error: null, status: "waiting" });
        expect(await fold(again)).toEqual(normal(projected?.parts));
      };

      await same(asked.map((_, index) => ({ call: `call-${index}` })));
      const approvals = asked.map(({ decision }, index): Approval => ({ call: `call-${index}`, decision }));
      chunks.push(
        ...approvals.map(
          ({ call, decision }): Chunk => ({
            type: "tool-approval-response",
            approvalId: call,
            approved: decision === "approved",
          }),
        ),
      );
      await same(approvals);
      for (const [index, { decision, output, stopped }] of asked.entries()) {
        const call = callNumber(index);
        const made = callResult(call, decision === "approved" ? output : rejectedText);
        const result = stopped && decision === "approved" ? cancelledResult(call) : made;
        items.push(result);
        chunks.push(...translator.item(result, "billing"));
        await same(approvals);
      }
      expect(translator.openCalls).toEqual([]);
    }),
    { numRuns: 100 },
  );
});
