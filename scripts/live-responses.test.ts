import { once } from "node:events";
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { liveResponse, type Viewer } from "#lib/live-response.ts";
import { withLiveResponses } from "./live-responses.ts";

/** Stands for Next: asks a route for a response, and writes what that holds. */
async function next(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const headers = Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]);
  const asked = new Request(`http://localhost${incoming.url}`, { headers });
  const response = incoming.url === "/live" ? liveResponse(asked, show) : new Response("dead");
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(response.body ? await response.text() : undefined);
}

let viewers: Viewer[] = [];
let arrived = Promise.withResolvers<Viewer>();
let show = async (viewer: Viewer): Promise<void> => {
  viewers.push(viewer);
  arrived.resolve(viewer);
};

const agent = new Agent();
const server = createServer(withLiveResponses(next));
beforeAll(() => once(server.listen(0, "127.0.0.1"), "listening"));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function place() {
  const address = server.address();
  return { host: "127.0.0.1", port: address && typeof address === "object" ? address.port : 0 };
}

/** Asks, and gives the response when its head is there. */
async function ask(path: string, options: { method?: string; headers?: Record<string, string> } = {}) {
  viewers = [];
  arrived = Promise.withResolvers();
  const call = request({ ...place(), path, agent, ...options }).end();
  const [response]: IncomingMessage[] = await once(call, "response");
  if (!response) throw new Error("There was no response.");
  response.setEncoding("utf8");
  return { call, response };
}

async function textOf(response: AsyncIterable<string>): Promise<string> {
  let text = "";
  for await (const piece of response) text += piece;
  return text;
}

test("what is written reaches who asked at once, to the end", async () => {
  const { response } = await ask("/live");
  expect(response.headers).toMatchObject({ "content-type": "text/event-stream; charset=utf-8" });
  expect(response.headers["x-request-number"]).toBeUndefined();
  const viewer = await arrived.promise;
  viewer.write("data: 1\n\n");
  const [first] = await once(response, "data");
  expect(first).toBe("data: 1\n\n");
  let left = 0;
  viewer.onLeave(() => left++);
  viewer.end("data: 2\n\n");
  viewer.write("data: 3\n\n");
  viewer.end("data: 4\n\n");
  expect(await textOf(response)).toBe("data: 2\n\n");
  expect(left).toBe(1);
});

test("what is written in one moment comes as one piece, whatever its letters", async () => {
  const { response } = await ask("/live");
  const viewer = await arrived.promise;
  viewer.write("data: één\n\n");
  viewer.write("data: 二\n\n");
  const [piece] = await once(response, "data");
  expect(piece).toBe("data: één\n\ndata: 二\n\n");
  viewer.write("data: drei");
  viewer.end("\n\n");
  expect(await textOf(response)).toBe("data: drei\n\n");
});

test("one who asks in the old way, and one who asks twice before the first answer, read the same", async () => {
  viewers = [];
  arrived = Promise.withResolvers();
  const old = connect(place()).setEncoding("utf8").end("GET /live HTTP/1.0\r\n\r\n");
  (await arrived.promise).end("data: 1\n\n");
  expect(await textOf(old)).toMatch(/\r\n\r\ndata: 1\n\n$/);

  const request = "GET /live HTTP/1.1\r\nhost: here\r\n";
  const both = connect(place()).setEncoding("utf8");
  both.write(`${request}\r\n${request}connection: close\r\n\r\n`);
  await vi.waitFor(() => expect(viewers).toHaveLength(3));
  viewers[2]?.end("data: 3\n\n");
  viewers[1]?.end("data: 2\n\n");
  const [, first, second] = (await textOf(both)).split(/^HTTP\/1.1 200 OK/m);
  expect(first).toMatch(/\r\n\r\n9\r\ndata: 2\n\n\r\n0\r\n\r\n$/);
  expect(second).toMatch(/\r\n\r\n9\r\ndata: 3\n\n\r\n0\r\n\r\n$/);
});

test("who goes away is not written to any more, and is told of once", async () => {
  const { call, response } = await ask("/live");
  const viewer = await arrived.promise;
  response.on("error", () => {});
  const left = new Promise<void>((resolve) => viewer.onLeave(resolve));
  call.destroy();
  await left;
  expect(viewer.hasLeft).toBe(true);
  viewer.write("nobody hears this");
  viewer.end("nor this");
  let again = 0;
  viewer.onLeave(() => again++);
  expect(again).toBe(1);
});

test("a number that somebody sends is not taken for another's request", async () => {
  const { response: mine } = await ask("/live");
  const viewer = await arrived.promise;
  const { response: other } = await ask("/dead", { headers: { "x-request-number": "1" } });
  expect(await textOf(other)).toBe("dead");
  expect(viewers).toEqual([]);
  viewer.end("mine");
  expect(await textOf(mine)).toBe("mine");
});

test("who asks for the head alone gets it alone", async () => {
  const { response } = await ask("/live", { method: "HEAD" });
  expect(await textOf(response)).toBe("");
  expect(viewers).toEqual([]);
});

test("what breaks while it is written ends the connection, and nothing else", async () => {
  show = () => Promise.reject(new Error("the database is gone"));
  await expect(ask("/live")).rejects.toThrow("socket hang up");
  const { response: next } = await ask("/dead");
  expect(await textOf(next)).toBe("dead");
});
