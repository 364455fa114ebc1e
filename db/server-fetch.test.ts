import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { connectServer } from "./remote.ts";
import { serverFetch } from "./server-fetch.ts";

const closing: (() => unknown)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A server that answers like this, and its address. */
async function serving(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  closing.push(() => server.close());
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const ask = (url: string, body = "{}") =>
  serverFetch(new Request(url, { method: "POST", headers: { authorization: "Bearer word" }, body }));

test("what is asked arrives, and the whole answer comes back, with its letters", async () => {
  const url = await serving(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece);
    const { method, headers } = request;
    const said = Buffer.from(JSON.stringify({ method, headers, body: Buffer.concat(pieces).toString() }));
    response.writeHead(200, { "content-type": "application/json" });
    // In the middle of a letter.
    const middle = said.indexOf("ü") + 1;
    response.write(said.subarray(0, middle), () => response.end(said.subarray(middle)));
  });
  const response = await ask(url, "für");
  expect(response.ok).toBe(true);
  expect(await response.json()).toMatchObject({
    method: "POST",
    headers: { authorization: "Bearer word", "accept-encoding": "identity", "content-length": "4" },
    body: "für",
  });
});

test("what the server refuses is said in its words", async () => {
  const url = await serving((_request, response) => {
    response.writeHead(401, { "content-type": "application/json" });
    response.end(JSON.stringify({ message: "The token has expired.", code: "AUTH" }));
  });
  await expect(connectServer({ url }).execute("SELECT 1")).rejects.toThrow("The token has expired.");
});

test("a server that has moved says where to", async () => {
  const url = await serving((_request, response) => {
    response.writeHead(308, { location: "https://database.example/v2/pipeline" }).end();
  });
  const sentence = `The database at ${url} has moved to https://database.example. Set DATABASE_URL to where it is.`;
  await expect(connectServer({ url }).execute("SELECT 1")).rejects.toThrow(sentence);
});

test("a status that comes without an answer is an error like any other", async () => {
  const url = await serving((_request, response) => response.writeHead(204).end());
  await expect(connectServer({ url }).execute("SELECT 1")).rejects.toThrow();
});

test("a server that is gone, before or in the middle of its answer, could not be reached", async () => {
  const url = await serving((_request, response) => {
    response.writeHead(200, { "content-length": "1000" });
    response.write("half", () => response.destroy());
  });
  for (const address of [url, "http://127.0.0.1:1"]) {
    await expect(ask(address)).rejects.toEqual(new TypeError("fetch failed"));
  }
});
