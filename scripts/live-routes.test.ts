import { once } from "node:events";
import { Agent, createServer, type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { liveResponse, openLiveRoutes, type Viewer } from "#lib/live-response.ts";
import { withLiveRoutes } from "./live-routes.ts";

type Route = Awaited<ReturnType<Parameters<typeof openLiveRoutes>[0][string]>>;

const live: Route["GET"] = async () => liveResponse(show);
const echo: Route["GET"] = async ({ url, headers }, { params }) =>
  Response.json({ ...(await params), url, cookie: headers.get("cookie") }, { status: 404 });
openLiveRoutes({
  "/live": async () => ({ GET: live }),
  "/live/:place/end": async () => ({ GET: echo }),
  "/broken": () => Promise.reject(new Error("There is no such file.")),
});

let viewers: Viewer[] = [];
let arrived = Promise.withResolvers<Viewer>();
let show = async (viewer: Viewer): Promise<void> => {
  viewers.push(viewer);
  arrived.resolve(viewer);
};

const agent = new Agent();
const server = createServer(withLiveRoutes((_request, response) => response.end("dead")));
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
  await expect.poll(() => viewers).toHaveLength(3);
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

test("a route is given what stands in the address and in the request, and may answer otherwise", async () => {
  const { response } = await ask("/live/a%20b/end?person=1", { headers: { cookie: "a=1; b=2" } });
  expect(response).toMatchObject({ statusCode: 404, headers: { "content-type": "application/json" } });
  expect(JSON.parse(await textOf(response))).toEqual({
    place: "a b",
    url: "http://localhost/live/a%20b/end?person=1",
    cookie: "a=1; b=2",
  });
});

test.each([
  ["another address", { path: "/live/a/b/end" }],
  ["an address that nobody can read", { path: "http://[" }],
  ["the head alone", { path: "/live", method: "HEAD" }],
  ["another method", { path: "/live", method: "POST" }],
])("who asks for %s is answered by Next", async (_what, { path, method }: { path: string; method?: string }) => {
  const { response } = await ask(path, { method });
  expect(await textOf(response)).toBe(method === "HEAD" ? "" : "dead");
  expect(viewers).toEqual([]);
});

test("what breaks while it is written ends the connection, and nothing else", async () => {
  show = () => Promise.reject(new Error("the database is gone"));
  await expect(ask("/live")).rejects.toThrow("socket hang up");
  const { response: next } = await ask("/dead");
  expect(await textOf(next)).toBe("dead");
});

test("a route that cannot be loaded ends the connection, and nothing else", async () => {
  const told = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  await expect(ask("/broken")).rejects.toThrow("socket hang up");
  expect(told).toHaveBeenCalledExactlyOnceWith("/broken: Error: There is no such file.\n");
  const { response } = await ask("/dead");
  expect(await textOf(response)).toBe("dead");
});
