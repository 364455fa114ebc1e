import { expect, test } from "vitest";
import type { ThreadMessage } from "#lib/thread.ts";
import { chosenNext, linesOf, type Part, piecesOf, textOf } from "./pieces.ts";

const text = (words: string): Part => ({ type: "text", text: words, state: "done" });
const handoff = (from: string, to: string): Part => ({ type: "data-handoff", id: `${from}-${to}`, data: { from, to } });

let made = 0;
function message(role: "user" | "assistant", agent: string | null, ...parts: Part[]): ThreadMessage {
  made += 1;
  return { id: `m${made}`, role, parts, metadata: { agent, position: made, end: made + 1, createdAt: 0 } };
}
const person = () => message("user", null, text("Hello"));
const answer = (agent: string | null, ...parts: Part[]) => message("assistant", agent, ...parts);

test("an answer of one agent is one piece", () => {
  expect(piecesOf(answer("billing", text("Two charges.")))).toEqual([
    { agent: "billing", parts: [text("Two charges.")] },
  ]);
});

test("each hand-off begins a piece of the agent that took over", () => {
  const parts = [text("One moment."), handoff("triage", "billing"), text("Hi."), handoff("billing", "escalations")];
  expect(piecesOf(answer("triage", ...parts))).toEqual([
    { agent: "triage", parts: [text("One moment.")] },
    { agent: "billing", from: "triage", parts: [text("Hi.")] },
    { agent: "escalations", from: "billing", parts: [] },
  ]);
});

test("an answer without an agent is that of whoever handed over, or of the assistant", () => {
  expect(piecesOf(answer(null, handoff("triage", "billing")))[0].agent).toBe("triage");
  expect(piecesOf(answer(null, text("Hi.")))[0].agent).toBe("assistant");
});

test("step boundaries are not shown", () => {
  expect(piecesOf(answer("billing", { type: "step-start" }, text("Hi.")))[0].parts).toEqual([text("Hi.")]);
});

test("what is copied are the words, without steps and thoughts", () => {
  const tool: Part = { type: "dynamic-tool", toolName: "x", toolCallId: "1", state: "input-available", input: {} };
  expect(textOf([text("One."), { type: "reasoning", text: "Hm." }, tool, text(""), text("Two.")])).toBe("One.\n\nTwo.");
});

test("a person's message stands under the agent that answers it", () => {
  const lines = linesOf([person(), answer("travel"), person()], "travel");
  expect(lines.map(({ before, charge, switched }) => [before, charge, switched])).toEqual([
    [null, "travel", false],
    ["travel", "travel", false],
    ["travel", "travel", false],
  ]);
});

test("a switch is noted before the message that the new agent answers, and after a hand-off is none", () => {
  const messages = [
    person(),
    answer("triage", handoff("triage", "billing"), text("Hi.")),
    person(),
    answer("billing", text("Done.")),
    person(),
    answer("technical", text("Restart it.")),
  ];
  expect(linesOf(messages, "technical").map(({ switched }) => switched)).toEqual([
    false,
    false,
    false,
    false,
    true,
    false,
  ]);
});

test("a message that waits for its answer shows the switch already", () => {
  expect(linesOf([person(), answer("billing"), person()], "technical").at(-1)).toMatchObject({
    before: "billing",
    charge: "technical",
    switched: true,
  });
});

test("a choice after the last answer is noted at the end, and only when it is another agent", () => {
  const messages = [person(), answer("triage", handoff("triage", "billing"))];
  expect(chosenNext(messages, "travel")).toEqual({ from: "billing", to: "travel" });
  expect(chosenNext(messages, "billing")).toBeNull();
  expect(chosenNext([...messages, person()], "travel")).toBeNull();
  expect(chosenNext([], "travel")).toBeNull();
});
