import { Agent, type AgentInputItem, type Model, Runner, type StreamEvent, type Tool, tool } from "@openai/agents";
import { expect, test } from "vitest";
import { z } from "zod";
import { bound } from "./bounds.ts";

/** A model that calls the tool once and then says "Done.". */
function callsOnce(name: string): Model {
  let asked = 0;
  const answer = () => {
    asked += 1;
    return asked === 1
      ? { type: "function_call" as const, callId: "call-1", name, arguments: "{}", status: "completed" as const }
      : {
          type: "message" as const,
          role: "assistant" as const,
          status: "completed" as const,
          content: [{ type: "output_text" as const, text: "Done." }],
        };
  };
  const usage = { inputTokens: 1, outputTokens: 1, totalTokens: 2 };
  return {
    getResponse: async () => {
      throw new Error("only streams are asked for");
    },
    async *getStreamedResponse(): AsyncGenerator<StreamEvent> {
      yield { type: "response_done", response: { id: `response-${asked}`, usage, output: [answer()] } };
    },
  };
}

/** Runs one turn in which the tool is used. */
async function use(given: Tool): Promise<{ result: string; said: unknown }> {
  const agent = new Agent({ name: "Tester", tools: [given] });
  const runner = new Runner({ model: callsOnce(given.name), tracingDisabled: true });
  const turn = await runner.run(agent, "Use it", { stream: true, maxTurns: 4 });
  await turn.completed;
  const found = turn.history.find((item: AgentInputItem) => item.type === "function_call_result");
  const output = found?.type === "function_call_result" ? found.output : "";
  const text = typeof output === "object" && "text" in output ? output.text : output;
  return { result: String(text), said: turn.finalOutput };
}

const made = (name: string, execute: () => unknown) =>
  tool({ name, description: name, parameters: z.object({}), execute });

test("a tool that hangs is given up, and the model is told", async () => {
  const hangs = bound(
    made("hangs", () => new Promise(() => {})),
    { time: 20 },
  );
  expect(await use(hangs)).toEqual({
    result: "The tool was given up after 0.02 seconds without a result.",
    said: "Done.",
  });
});

test("a tool that throws does not end the answer, nor tell its secrets", async () => {
  const throws = bound(
    made("throws", () => {
      throw new Error("password=hunter2");
    }),
  );
  const { result, said } = await use(throws);
  expect(result).toMatch(/error occurred/);
  expect(result).not.toContain("hunter2");
  expect(said).toBe("Done.");
});

test("ten megabytes are cut, with a note, whatever their form", async () => {
  const text = await use(bound(made("text", () => "🙂".repeat(5_000_000))));
  const data = await use(
    bound(made("data", () => ({ rows: Array.from({ length: 400_000 }, (_, row) => `row ${row}`) }))),
  );
  for (const { result, said } of [text, data]) {
    expect(result.length).toBeLessThan(50_200);
    expect(result).toMatch(/\[Cut here: the tool returned [\d,]{7,} characters, and these are the first 50,000\.\]$/);
    expect(said).toBe("Done.");
  }
});

test("what fits stays as it is, also for a tool that two agents share", async () => {
  const shared = made("shared", () => ({ notice: "sample", amount: 12 }));
  expect(bound(bound(shared))).toBe(shared);
  expect(JSON.parse((await use(shared)).result)).toEqual({ notice: "sample", amount: 12 });
});
