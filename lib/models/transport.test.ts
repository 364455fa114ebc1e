import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { afterEach, expect, test } from "vitest";
import { chatStream, chunk } from "./fixtures/stub-server.ts";
import type { Said } from "./said.ts";
import { heardBy, listeningFetch } from "./transport.ts";

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  open.push(() => {
    server.closeAllConnections();
    server.close();
  });
  let connections = 0;
  server.on("connection", () => {
    connections += 1;
  });
  const address = server.address();
  const port = address && typeof address === "object" ? address.port : 0;
  return { url: `http://127.0.0.1:${port}/`, connections: () => connections };
}

/** Asks as a client does, with somebody listening, and reads until `enough`. */
async function ask(url: string, init: RequestInit = {}, enough: (text: string) => boolean = () => false) {
  const said: Said[] = [];
  let stirred = 0;
  async function* reading() {
    const response = await listeningFetch(url, { method: "POST", body: "{}", ...init });
    const reader = response.body?.getReader();
    const decoder = new TextDecoder();
    let text = "";
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
      text += decoder.decode(value, { stream: true });
      if (done || enough(text)) break;
    }
    await reader?.cancel();
    yield { status: response.status, text };
  }
  const listener = {
    hear: (one: Said) => said.push(one),
    stirred: () => {
      stirred += 1;
    },
  };
  for await (const answer of heardBy(listener, reading)) return { ...answer, said, stirred };
  throw new Error("There was no answer.");
}

const words = (said: Said[]) => said.map((one) => ("delta" in one ? one.delta : `(${one.kind})`));

test("words are told as they arrive, whole characters each, while the answer is passed on in fewer events", async () => {
  const { url } = await serve(async (_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    const bytes = Buffer.from(
      ["na", "\u{1f9ff}", "\u00efve"].map((content) => `data: ${JSON.stringify(chunk({ content }))}\n\n`).join(""),
    );
    for (const byte of bytes) {
      response.write(Buffer.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    response.end("data: [DONE]\n\n");
  });
  const { said, text, stirred } = await ask(url);
  expect(words(said)).toEqual(["na", "\u{1f9ff}", "\u00efve"]);
  expect(stirred).toBe(4);
  expect(text.match(/^data: \{/gm)).toHaveLength(2);
  expect(text).toContain("\u{1f9ff}\u00efve");
});

test("who leaves at the last event leaves a connection that serves the next request", async () => {
  const { url, connections } = await serve((_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(`data: ${JSON.stringify(chunk({ content: "Hello." }))}\n\ndata: [DONE]\n\n`);
    setTimeout(() => response.end(), 20);
  });
  for (let time = 0; time < 3; time += 1) {
    await ask(url, {}, (text) => text.includes("[DONE]"));
    await expect.poll(async () => (await ask(url)).status).toBe(200);
  }
  expect(connections()).toBeLessThanOrEqual(2);
});

test("a response that does not end after its last event is let go of", async () => {
  const closed = Promise.withResolvers<void>();
  const { url } = await serve((_, response) => {
    response.on("close", () => closed.resolve());
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write("data: [DONE]\n\n");
  });
  await ask(url, {}, (text) => text.includes("[DONE]"));
  await closed.promise;
});

test("a request that is sent elsewhere is listened to there, and takes its key only to the same server", async () => {
  const keys: (string | undefined)[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    keys.push(request.headers.authorization);
    chatStream(response, [chunk({ content: "Hello." })]);
  };
  const other = await serve(answer);
  const { url } = await serve((request, response) => {
    if (request.url === "/moved") return void response.writeHead(307, { location: "/here" }).end();
    if (request.url === "/away") return void response.writeHead(308, { location: other.url }).end();
    if (request.url === "/round") return void response.writeHead(307, { location: "/round" }).end();
    answer(request, response);
  });
  const headers = { authorization: "Bearer sk-mine" };
  expect(words((await ask(`${url}moved`, { headers })).said)).toEqual(["Hello."]);
  expect(words((await ask(`${url}away`, { headers })).said)).toEqual(["Hello."]);
  expect(keys).toEqual(["Bearer sk-mine", undefined]);
  expect(await ask(`${url}round`, { headers })).toMatchObject({ status: 307 });
});

test("what is not a stream is passed on as it is, and nothing may stand for nothing", async () => {
  const { url } = await serve((request, response) => {
    if (request.url === "/nothing") return void response.writeHead(204).end();
    if (request.url === "/wrong") return void response.writeHead(400).end('{"error":{}}');
    chatStream(response, [chunk({ content: "Hello." })]);
  });
  expect(await ask(`${url}wrong`)).toMatchObject({ status: 400, text: '{"error":{}}', said: [] });
  expect(await ask(`${url}nothing`)).toMatchObject({ status: 204, text: "", said: [] });
});

test("a request that is cancelled, and a connection that breaks, are errors that say so", async () => {
  const { url } = await serve((request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(`data: ${JSON.stringify(chunk({ content: "half an" }))}\n\n`, () => {
      if (request.url === "/breaks") response.destroy();
    });
  });
  const control = new AbortController();
  const cancelled = ask(url, { signal: control.signal }, () => {
    control.abort();
    return false;
  });
  await expect(cancelled).rejects.toMatchObject({ name: "AbortError" });
  await expect(ask(`${url}breaks`)).rejects.toMatchObject({ code: "ECONNRESET" });
  await expect(ask("http://127.0.0.1:1/")).rejects.toMatchObject({ code: "ECONNREFUSED" });
});
