import type { AgentInputItem, ModelRequest } from "@openai/agents";

type Input = ModelRequest["input"];

/**
 * A thread may hold items of several models, and each protocol refuses some of what the others leave behind: ids,
 * extra fields, reasoning. These make the same history readable for the model that is asked now.
 */
export function forChat(input: Input): Input {
  if (typeof input === "string") return input;
  return input.flatMap((item) => (isPlain(item) ? [withoutTraces(item)] : []));
}

/** Nothing is stored at the server, so ids mean nothing there; reasoning is only accepted in its encrypted form. */
export function forResponses(input: Input): Input {
  if (typeof input === "string") return input;
  return input.flatMap((item) => {
    if (item.type === "reasoning") return isEncrypted(item) && item.id?.startsWith("rs_") ? [item] : [];
    return isPlain(item) ? [withoutTraces(item, true)] : [];
  });
}

export function withoutReasoning(input: Input): Input {
  return typeof input === "string" ? input : input.filter((item) => item.type !== "reasoning");
}

export function hasReasoning(input: Input): boolean {
  return typeof input !== "string" && input.some((item) => item.type === "reasoning");
}

type PlainItem = Extract<AgentInputItem, { role: string } | { type: "function_call" | "function_call_result" }>;

function isPlain(item: AgentInputItem): item is PlainItem {
  return "role" in item || item.type === "function_call" || item.type === "function_call_result";
}

function isEncrypted({ providerData }: AgentInputItem): boolean {
  return Boolean(providerData?.encryptedContent ?? providerData?.encrypted_content);
}

function withoutTraces(item: PlainItem, keepPhase = false): AgentInputItem {
  const { id: _id, providerData: _providerData, ...rest } = item;
  if (!("role" in rest) || rest.role !== "assistant") return rest;
  const { phase, ...message } = rest;
  return {
    ...message,
    ...(keepPhase && phase ? { phase } : {}),
    content: message.content.map(({ providerData: _, ...part }) => part),
  };
}
