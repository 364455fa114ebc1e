import type { AgentInputItem } from "@openai/agents";
import { answerText, call, reasoning, result } from "./items.ts";

/**
 * Open WebUI writes thinking and tool calls into the text of an answer, as `<details type="...">`
 * blocks. Anything else in the text stays text, other HTML too.
 */
export function readDetails(content: string, id: string, complete: boolean): AgentInputItem[] {
  const items: AgentInputItem[] = [];
  let from = 0;
  for (;;) {
    const block = nextBlock(content, from);
    if (!block) break;
    items.push(
      ...answerText(content.slice(from, block.start).trim(), true),
      ...blockItems(block, `${id}-${items.length}`),
    );
    from = block.end;
  }
  return [...items, ...answerText(from === 0 ? content : content.slice(from).trim(), complete)];
}

interface Found {
  start: number;
  end: number;
  attributes: Map<string, string>;
  body: string;
}

const begin = '<details type="';
const finish = "</details>";

function nextBlock(content: string, from: number): Found | undefined {
  const start = content.indexOf(begin, from);
  if (start < 0) return undefined;
  const open = content.indexOf(">", start);
  const close = content.indexOf(finish, open);
  if (open < 0 || close < 0) return undefined;
  const attributes = new Map<string, string>();
  for (const [, name, value] of content.slice(start, open).matchAll(/([\w-]+)="([^"]*)"/g)) {
    attributes.set(name ?? "", plain(value ?? ""));
  }
  const body = content.slice(open + 1, close).replace(/^\s*<summary>[^<]*<\/summary>/, "");
  return { start, end: close + finish.length, attributes, body: body.trim() };
}

function blockItems({ attributes, body }: Found, fallbackId: string): AgentInputItem[] {
  const kind = attributes.get("type");
  if (kind === "reasoning") return reasoning(plain(body).replace(/^> ?/gm, ""));
  if (kind === "code_interpreter") {
    const id = attributes.get("id") ?? fallbackId;
    const code = call(id, "code_interpreter", { code: plain(body) });
    const output = attributes.get("output");
    return output === undefined ? [code] : [code, result(id, "code_interpreter", output)];
  }
  if (kind !== "tool_calls") return answerText(plain(body));
  const id = attributes.get("id") || fallbackId;
  const name = attributes.get("name") || "tool";
  const asked = call(id, name, unquoted(attributes.get("arguments") ?? "{}"));
  const output = attributes.get("result") ?? body;
  return output === "" ? [asked] : [asked, result(id, name, unquoted(output))];
}

/** Arguments and results are JSON texts inside a JSON text. */
function unquoted(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? value : text;
  } catch {
    return text;
  }
}

const entities: Record<string, string> = {
  "&quot;": '"',
  "&#x27;": "'",
  "&#39;": "'",
  "&lt;": "<",
  "&gt;": ">",
  "&amp;": "&",
};
const plain = (text: string) => text.replace(/&(?:quot|#x27|#39|lt|gt|amp);/g, (entity) => entities[entity] ?? entity);
