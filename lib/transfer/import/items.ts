import type { AgentInputItem } from "@openai/agents";

/** The items that readers make. */

type UserPart = Exclude<Extract<AgentInputItem, { role: "user" }>["content"], string>[number];

export const userText = (text: string): AgentInputItem[] => (text === "" ? [] : [{ role: "user", content: text }]);

export const systemText = (text: string): AgentInputItem[] => (text === "" ? [] : [{ role: "system", content: text }]);

export const answerText = (text: string, complete = true): AgentInputItem[] =>
  text === ""
    ? []
    : [
        {
          type: "message",
          role: "assistant",
          status: complete ? "completed" : "incomplete",
          content: [{ type: "output_text", text }],
        },
      ];

export const textPart = (text: string): UserPart => ({ type: "input_text", text });
export const imagePart = (source: string): UserPart => ({ type: "input_image", image: source });

/** One message of a person: plain text where it is only that. */
export function userParts(parts: readonly UserPart[]): AgentInputItem[] {
  const kept = parts.filter((part) => part.type !== "input_text" || part.text !== "");
  const texts = kept.flatMap((part) => (part.type === "input_text" ? [part.text] : []));
  if (texts.length === kept.length) return userText(texts.join("\n\n"));
  return [{ role: "user", content: kept }];
}

export const reasoning = (text: string): AgentInputItem[] =>
  text.trim() === "" ? [] : [{ type: "reasoning", content: [{ type: "input_text", text }] }];

export const call = (callId: string, name: string, input: unknown): AgentInputItem => ({
  type: "function_call",
  callId,
  name,
  status: "completed",
  arguments: typeof input === "string" ? input : (JSON.stringify(input) ?? "{}"),
});

export const result = (
  callId: string,
  name: string,
  text: string,
  status: "completed" | "incomplete" = "completed",
): AgentInputItem => ({ type: "function_call_result", callId, name, status, output: { type: "text", text } });

export const noResult = "The file has no result of this.";

/** Gives each call its result and each result its call and its tool's name, so that nothing stays open. */
export function pairCalls(items: readonly AgentInputItem[]): AgentInputItem[] {
  const open = new Map<string, string>();
  const answered = new Set<string>();
  for (const item of items) if (item.type === "function_call_result") answered.add(item.callId);
  return items.flatMap((item) => {
    if (item.type === "function_call") {
      open.set(item.callId, item.name);
      return answered.has(item.callId) ? [item] : [item, result(item.callId, item.name, noResult, "incomplete")];
    }
    if (item.type !== "function_call_result") return [item];
    const name = open.get(item.callId);
    if (name === undefined) return [call(item.callId, item.name, "{}"), item];
    open.delete(item.callId);
    return [{ ...item, name }];
  });
}

/** What is not known, as text that shows all of it. */
export function asJsonBlock(value: unknown): string {
  const text = JSON.stringify(value, null, 2) ?? "";
  return `\`\`\`json\n${text.replaceAll("```", "\\`\\`\\`")}\n\`\`\``;
}

/** Addresses as a list below what refers to them. */
export function sourceList(sources: readonly { title?: string | undefined; url: string }[]): string {
  const unique = new Map(sources.filter(({ url }) => /^https?:/i.test(url)).map((source) => [source.url, source]));
  if (unique.size === 0) return "";
  const lines = [...unique.values()].map(({ title, url }) => {
    const name = (title ?? "").replace(/[[\]\\\s]+/g, " ").trim() || url;
    return `- [${name}](<${url.replace(/[<>\s]/g, encodeURIComponent)}>)`;
  });
  return `\n\nSources:\n${lines.join("\n")}`;
}
