import type { AgentInputItem } from "@openai/agents";
import { incompleteAnswer } from "./parts.ts";

/** Something of an answer that was shown as one: words, or what the model showed of its thinking. */
export interface Stretch {
  readonly kind: "text" | "reasoning";
  readonly text: string;
}

/** What was shown of an answer that was cut off, as items of the history. */
export function itemsOf(stretches: readonly Stretch[]): AgentInputItem[] {
  return stretches
    .filter(({ text }) => text !== "")
    .map(({ kind, text }) => (kind === "text" ? incompleteAnswer(text) : thought(text)));
}

/** Thinking that the SDK gives no item of its own, as some servers send it. */
export function thought(text: string): AgentInputItem {
  return { type: "reasoning", content: [], rawContent: [{ type: "reasoning_text", text }] };
}
