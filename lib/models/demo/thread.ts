import type { AgentInputItem } from "@openai/agents";

/** What the demo model needs to know of a history: who said what, and what happened since the last message. */
export interface Thread {
  /** The person's messages, oldest first. */
  readonly said: readonly string[];
  /** All messages in order. */
  readonly messages: readonly { readonly from: "person" | "agent"; readonly text: string }[];
  /** Summaries and other notes that stand in for what is no longer there. */
  readonly notes: readonly string[];
  /** The person's last message. */
  readonly last: string;
  /** The names of the tools called since then, hand-offs included. */
  readonly called: readonly string[];
  /** The tool result that has not been answered yet, if that is what comes next. */
  readonly result?: { readonly name: string; readonly output: unknown };
}

export function readThread(input: string | AgentInputItem[]): Thread {
  const items: AgentInputItem[] = typeof input === "string" ? [{ role: "user", content: input }] : input;
  const messages: { from: "person" | "agent"; text: string }[] = [];
  const notes: string[] = [];
  let called: string[] = [];
  for (const item of items) {
    if (item.type === "function_call") called.push(item.name);
    if (!("role" in item)) continue;
    if (item.role === "system") {
      notes.push(item.content);
      continue;
    }
    const text = textOf(item.content);
    if (item.role === "user") called = [];
    if (text !== "") messages.push({ from: item.role === "user" ? "person" : "agent", text });
  }
  const said = messages.filter(({ from }) => from === "person").map(({ text }) => text);
  return { said, messages, notes, last: said.at(-1) ?? "", called, result: openResult(items.at(-1)) };
}

function openResult(item: AgentInputItem | undefined): Thread["result"] {
  if (item?.type !== "function_call_result" || item.name.startsWith("transfer_to_")) return undefined;
  const { output } = item;
  const text =
    typeof output === "string" ? output : "text" in output ? output.text : textOf(Array.isArray(output) ? output : []);
  try {
    return { name: item.name, output: JSON.parse(text) };
  } catch {
    return { name: item.name, output: text };
  }
}

function textOf(content: string | readonly object[]): string {
  if (typeof content === "string") return content;
  return content
    .map((part) => ("text" in part && typeof part.text === "string" ? part.text : ""))
    .filter(Boolean)
    .join("\n");
}
