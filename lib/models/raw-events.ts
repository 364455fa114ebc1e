/** What stands in the events of either API as they came, beside the SDK's own events. */

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** Reasoning has no event of the SDK's own: it stands in the raw event of either API. */
export function reasoningDelta(raw: unknown): string | undefined {
  if (!isRecord(raw)) return undefined;
  if (raw.type === "response.reasoning_summary_text.delta" || raw.type === "response.reasoning_text.delta") {
    return typeof raw.delta === "string" ? raw.delta : undefined;
  }
  const choice: unknown = Array.isArray(raw.choices) ? raw.choices[0] : undefined;
  const delta = isRecord(choice) ? choice.delta : undefined;
  if (!isRecord(delta)) return undefined;
  const text = delta.reasoning_content ?? delta.reasoning;
  return typeof text === "string" && text !== "" ? text : undefined;
}

/** Whether the SDK tells all of it in events of its own: each event has its price on the way through the runner. */
export function isToldOtherwise(raw: unknown): boolean {
  if (!isRecord(raw)) return false;
  if (raw.type === "response.output_text.delta" || raw.type === "response.function_call_arguments.delta") return true;
  return Array.isArray(raw.choices) && reasoningDelta(raw) === undefined;
}
