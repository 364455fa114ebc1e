import type { AgentInputItem } from "@openai/agents";
import { protocol } from "@openai/agents";

/** The value as an item that the SDK knows, with all that it has besides; undefined for anything else. */
export function checkedItem(value: unknown): AgentInputItem | undefined {
  return protocol.ModelItem.safeParse(value).success ? (value as AgentInputItem) : undefined;
}
