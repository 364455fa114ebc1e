import type { AgentInputItem } from "@openai/agents";

/** What one item of the history looks like on a screen. Used for the live stream and for the stored thread alike. */

export type Call = Extract<AgentInputItem, { type: "function_call" }>;
export type CallResult = Extract<AgentInputItem, { type: "function_call_result" }>;

export const isCall = (item: AgentInputItem): item is Call => item.type === "function_call";
export const isCallResult = (item: AgentInputItem): item is CallResult => item.type === "function_call_result";

/** A result with this status stands for a call that never ended: the run was stopped or died. */
export const isCancelled = (result: CallResult): boolean => result.status === "incomplete";

export const cancelledText = "Cancelled before it finished.";

/** What a model is told of a call that a person has rejected: the SDK's own words, so that its runs read the same. */
export const rejectedText = "Tool execution was not approved.";

export const isRejected = (result: CallResult): boolean => !isCancelled(result) && callOutput(result) === rejectedText;

/** The result of a call. Text stays as it is, anything else becomes JSON. */
export function callResult(call: Call, output: unknown): CallResult {
  const text = typeof output === "string" ? output : (JSON.stringify(output) ?? "");
  return {
    type: "function_call_result",
    name: call.name,
    callId: call.callId,
    status: "completed",
    output: { type: "text", text },
  };
}

/** The calls among these items that have no result, the oldest first. */
export function openCallsOf<Item extends { item: AgentInputItem }>(items: readonly Item[]): (Item & { item: Call })[] {
  const open: (Item & { item: Call })[] = [];
  for (const stored of items) {
    const { item } = stored;
    if (isCall(item)) open.push({ ...stored, item });
    if (!isCallResult(item)) continue;
    const answered = open.findIndex(({ item: call }) => call.callId === item.callId);
    if (answered !== -1) open.splice(answered, 1);
  }
  return open;
}

/** The result that closes a call which will never be answered. */
export function cancelledResult(call: Call): CallResult {
  return {
    type: "function_call_result",
    name: call.name,
    callId: call.callId,
    status: "incomplete",
    output: cancelledText,
  };
}

/** The words of a message, whoever wrote it. */
export function textOf(item: AgentInputItem): string {
  if (!("role" in item)) return "";
  if (typeof item.content === "string") return item.content;
  return item.content.map(wordsOf).join("");
}

function wordsOf(part: { type: string; text?: string; refusal?: string; transcript?: string | null }): string {
  return part.text ?? part.refusal ?? part.transcript ?? "";
}

/** What a model showed of its thinking. */
export function reasoningText(item: Extract<AgentInputItem, { type: "reasoning" }>): string {
  const summary = item.content.map((part) => part.text).join("\n\n");
  return summary || (item.rawContent ?? []).map((part) => part.text).join("\n\n");
}

/** A call's arguments: the JSON that they should be, or the text as the model wrote it. */
export function callInput(call: Call): unknown {
  try {
    return JSON.parse(call.arguments || "{}");
  } catch {
    return call.arguments;
  }
}

/** A tool's output as a screen shows it: its text where it is text. */
export function callOutput(result: CallResult): unknown {
  const { output } = result;
  if (typeof output === "string") return output;
  if (!Array.isArray(output)) return output.type === "text" ? output.text : output;
  return output.every((part) => part.type === "input_text") ? output.map((part) => part.text).join("") : output;
}

/** The name of the agent that a hand-off went to, or undefined when the result is any other tool's. */
export function handoffTarget(result: CallResult): string | undefined {
  if (!result.name.startsWith("transfer_to_") || isCancelled(result)) return undefined;
  const text = callOutput(result);
  if (typeof text !== "string") return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    const assistant = parsed && typeof parsed === "object" && "assistant" in parsed ? parsed.assistant : undefined;
    return typeof assistant === "string" ? assistant : undefined;
  } catch {
    return undefined;
  }
}

/** The words of an answer that was cut off, as an item of the history. */
export function incompleteAnswer(text: string): AgentInputItem {
  return { type: "message", role: "assistant", status: "incomplete", content: [{ type: "output_text", text }] };
}
