import type { ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { chunk, type StubServer, stubServer } from "../lib/models/fixtures/stub-server.ts";

/** A model server that does exactly what a test says, down to the byte: also what no good one would. */

export interface Asked {
  /** The person's last message. */
  text: string;
  /** How many tool results have come since. */
  results: number;
  messages: { role: string; content: unknown }[];
  tools: string[];
}

type Script = (asked: Asked, response: ServerResponse) => void | Promise<void>;

export class WildModel {
  readonly asked: Asked[] = [];
  readonly #scripts: { when: string; script: Script }[] = [];
  #server: StubServer | undefined;

  async start(): Promise<void> {
    this.#server = await stubServer(({ path, body }, response) => {
      if (path.endsWith("/models")) return void response.end('{"object":"list","data":[{"id":"wild"}]}');
      const asked = read(body);
      this.asked.push(asked);
      const found = this.#scripts.find(({ when }) => asked.text.includes(when));
      if (!found) return void response.writeHead(404).end('{"error":{"message":"no script"}}');
      void found.script(asked, response);
    });
  }

  get url(): string {
    return this.#server?.url ?? "";
  }

  /** What happens when the person's last message has these words. The newest script counts. */
  on(when: string, script: Script): void {
    this.#scripts.unshift({ when, script });
  }

  stop(): Promise<void> {
    return this.#server?.close() ?? Promise.resolve();
  }
}

function read(body: Record<string, unknown>): Asked {
  const messages = (Array.isArray(body.messages) ? body.messages : []) as Asked["messages"];
  const tools = (Array.isArray(body.tools) ? body.tools : []) as { function?: { name?: string } }[];
  const last = messages.findLastIndex(({ role }) => role === "user");
  const content = messages[last]?.content;
  return {
    text: typeof content === "string" ? content : JSON.stringify(content ?? ""),
    results: messages.slice(last + 1).filter(({ role }) => role === "tool").length,
    messages,
    tools: tools.map((tool) => tool.function?.name ?? ""),
  };
}

export const frame = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify(chunk(delta, finish))}\n\n`;

export const opened = (response: ServerResponse): ServerResponse =>
  response.writeHead(200, { "content-type": "text/event-stream" });

/** Streams pieces of text, one every `gap` milliseconds, as long as somebody listens. */
export async function write(response: ServerResponse, pieces: readonly string[], gap = 0): Promise<void> {
  for (const content of pieces) {
    if (gap > 0) await pause(gap);
    if (response.destroyed) return;
    response.write(frame({ content }));
  }
}

export function finish(response: ServerResponse, reason = "stop"): void {
  response.end(`${frame({}, reason)}data: [DONE]\n\n`);
}

/** Ends an answer with the call of a tool, its arguments exactly as they are given. */
export function call(response: ServerResponse, name: string, given: string, id = `call-${name}`): void {
  response.write(frame({ tool_calls: [{ index: 0, id, type: "function", function: { name, arguments: given } }] }));
  finish(response, "tool_calls");
}

export function refuse(response: ServerResponse, status: number, error: object, headers: Record<string, string> = {}) {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify({ error }));
}

/** A story that only its name decides: words of letters with one, two, three and four bytes, in between some tools. */
export function storyOf(name: string, parts = 3, pieces = 25): string[][] {
  const words = ["word", "größe", "日本語", "🙂🚀", "слово"];
  return Array.from({ length: parts }, (_, part) =>
    Array.from({ length: pieces }, (_, piece) => `${name}.${part}.${piece} ${words[piece % words.length]} `),
  );
}

/** Tells the story of the name that follows "Tell", with a tool between two parts. */
export function tellStories(model: WildModel, gap: number, when = "Tell "): void {
  model.on(when, async (asked, response) => {
    const name = nameIn(asked.text);
    const parts = storyOf(name);
    await write(opened(response), parts[asked.results] ?? [], gap);
    if (response.destroyed) return;
    if (asked.results >= parts.length - 1) finish(response);
    else call(response, "check_status", "{}", `${name}-${asked.results}`);
  });
}

export const nameIn = (text: string): string => /Tell ([\w-]+)/.exec(text)?.[1] ?? "";
