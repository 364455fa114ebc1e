import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { now, stampOf } from "./clock.ts";

/**
 * The least a model server can be: it waits a millisecond and streams a few words, or, asked with
 * "Stream", as many tokens at as many a second as bench/parts/clock.ts says, each with the time at
 * which it left. Run as a process of its own, it tells its parent the port, and at GET /own how
 * long it has held each request itself.
 */
const delay = 1;
const words = ["One", " two", " three", " four", " five."];

/** From a request's arrival to its first word, in milliseconds, by the text of the last message. */
const own = new Map<string, number>();

const chunk = (delta: object, finish: string | null = null) =>
  `data: ${JSON.stringify({
    id: "bench",
    object: "chat.completion.chunk",
    created: 0,
    model: "bench",
    choices: [{ index: 0, delta, finish_reason: finish }],
  })}\n\n`;

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const piece of request) text += piece;
  return text;
}

function lastText(body: string): string {
  const { messages }: { messages: { content: unknown }[] } = JSON.parse(body);
  const content = messages.at(-1)?.content;
  return typeof content === "string" ? content : JSON.stringify(content);
}

/** One timer serves all streams: each has its place in a second's slots. */
const pace = { tokens: 200, slots: 10, every: 5 * Number(process.argv[2] ?? 1) };
const slots: Set<() => void>[] = Array.from({ length: pace.slots }, () => new Set());
let turn = 0;
setInterval(() => {
  turn = (turn + 1) % pace.slots;
  for (const write of slots[turn] ?? []) write();
}, pace.every);
let streams = 0;

function stream(response: ServerResponse): void {
  const slot = slots[streams++ % pace.slots];
  let left = pace.tokens;
  const write = () => {
    if (left-- > 0) return void response.write(chunk({ role: "assistant", content: stampOf(now()) }));
    slot?.delete(write);
    response.end(`${chunk({}, "stop")}data: [DONE]\n\n`);
  };
  slot?.add(write);
  response.on("close", () => slot?.delete(write));
  write();
}

const server = createServer(async (request, response) => {
  const arrived = performance.now();
  if (request.url === "/own") {
    response.end(JSON.stringify([...own]));
    own.clear();
    return;
  }
  if (request.url?.endsWith("/models")) {
    response.setHeader("content-type", "application/json").end('{"object":"list","data":[{"id":"bench"}]}');
    return;
  }
  const text = lastText(await bodyOf(request));
  setTimeout(() => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    if (text.startsWith("Stream")) return stream(response);
    for (const word of words) response.write(chunk({ role: "assistant", content: word }));
    own.set(text, performance.now() - arrived);
    response.end(`${chunk({}, "stop")}data: [DONE]\n\n`);
  }, delay);
});

server.listen(0, () => {
  const address = server.address();
  if (address && typeof address === "object") process.send?.(address.port);
});
process.on("disconnect", () => process.exit(0));
