import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";

/**
 * A model server that speaks chat completions. What it answers follows from the last message of
 * the person: its first word comes back, its second says how ("plain", "tool", "two", "handoff",
 * "think", "fail", "cut").
 */

interface Message {
  role: string;
  content: unknown;
}

interface Asked {
  messages: Message[];
  tools?: { function: { name: string } }[];
}

export interface ModelServer {
  url: string;
  stop(): Promise<void>;
}

const pieces = 10;

export async function startModelServer(gap: number): Promise<ModelServer> {
  const server = createServer((request, response) => {
    answer(request, response, gap).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = address && typeof address === "object" ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, gap: number): Promise<void> {
  let body = "";
  for await (const piece of request) body += piece;
  const { messages, tools = [] }: Asked = JSON.parse(body);
  const place = messages.findLastIndex(({ role }) => role === "user");
  const [name = "", manner = ""] = textOf(messages[place]).split(" ");
  const worked = messages.slice(place).some(({ role }) => role === "tool");
  if (manner === "fail") return void response.writeHead(400).end('{"error":{"message":"This model is at home."}}');

  response.writeHead(200, { "content-type": "text/event-stream" });
  const write = async (delta: object, finish: string | null = null) => {
    response.write(`data: ${JSON.stringify({ ...frame, choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`);
    await pause(gap);
  };
  const say = async (what: string, key = "content") => {
    for (let piece = 0; piece < pieces; piece++) await write({ [key]: `${what}.${piece} ` });
  };
  if (manner === "think") await say(`thought-${name}`, "reasoning");
  const handoff = manner === "handoff" && tools.find((tool) => tool.function.name.startsWith("transfer_to_"));
  const calls = worked ? [] : callsOf(manner, handoff ? handoff.function.name : undefined);
  if (calls.length > 0) {
    await say(`look-${name}`);
    for (const [index, call] of calls.entries()) {
      const id = `call-${name}-${index}`;
      await write({ tool_calls: [{ index, id, type: "function", function: call }] });
    }
    await write({}, "tool_calls");
  } else {
    await say(`answer-${name}`);
    if (manner === "cut") return void response.destroy();
    await write({}, "stop");
  }
  response.end("data: [DONE]\n\n");
}

const frame = { id: "scripted", object: "chat.completion.chunk", created: 0, model: "scripted" };

function callsOf(manner: string, handoff: string | undefined): { name: string; arguments: string }[] {
  const calculate = { name: "calculate", arguments: '{"expression":"6 * 7"}' };
  if (manner === "tool") return [calculate];
  if (manner === "two") return [calculate, { name: "current_time", arguments: '{"timeZone":null}' }];
  return handoff ? [{ name: handoff, arguments: "{}" }] : [];
}

function textOf(message: Message | undefined): string {
  const content = message?.content;
  if (typeof content === "string") return content;
  return Array.isArray(content) ? content.map((part: { text?: string }) => part.text ?? "").join("") : "";
}
