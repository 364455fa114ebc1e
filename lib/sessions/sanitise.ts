import type { AgentInputItem } from "@openai/agents";

/** The items of a history that a model may be given: calls with their results only, both ways. */
export function modelInput(items: readonly AgentInputItem[]): AgentInputItem[] {
  const callIds = (type: string) =>
    new Set(items.flatMap((item) => (item.type === type && "callId" in item ? [item.callId] : [])));
  const called = callIds("function_call");
  const answered = callIds("function_call_result");
  return items.filter((item) => {
    if (item.type === "function_call") return answered.has(item.callId);
    if (item.type === "function_call_result") return called.has(item.callId);
    return true;
  });
}
