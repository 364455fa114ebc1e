import { afterEach, describe, expect, it } from "vitest";
import { discoverLocalServer, discoverLocalServers } from "./discover.ts";
import { json, type StubServer, stubServer } from "./fixtures/stub-server.ts";

const open: StubServer[] = [];
const serve = async (...given: Parameters<typeof stubServer>) => {
  const server = await stubServer(...given);
  open.push(server);
  return server;
};
afterEach(() => Promise.all(open.splice(0).map((server) => server.close())));

describe("discoverLocalServers", () => {
  it("finds a server by its list of models and takes the first that can chat", async () => {
    const data = [{ id: "nomic-embed-text" }, { id: "llama3:8b" }, { id: "qwen3" }];
    const server = await serve((_, response) => json(response, 200, { object: "list", data }));
    expect(await discoverLocalServer([server.port])).toEqual({
      kind: "compatible",
      label: `localhost:${server.port}`,
      baseUrl: `http://127.0.0.1:${server.port}/v1`,
      apiKey: undefined,
      api: "chat",
      model: "llama3:8b",
    });
  });

  it("leaves alone what is no model server", async () => {
    const servers = await Promise.all([
      serve((_, response) => json(response, 404, { error: "not found" })),
      serve((_, response) => json(response, 200, { models: ["llama3"] })),
      serve((_, response) => json(response, 200, { object: "list", data: [] })),
      serve((_, response) => json(response, 200, { object: "list", data: [{ id: "text-embedding-3" }] })),
      serve((_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<html>Sign in</html>")),
      serve((_, response) => response.writeHead(307, { location: "/sign-in" }).end()),
    ]);
    expect(await discoverLocalServers(servers.map(({ port }) => port))).toEqual([]);
  });

  it("does not wait for a port that accepts and then says nothing", async () => {
    const silent = await serve(() => undefined);
    const good = await serve((_, response) => json(response, 200, { object: "list", data: [{ id: "llama3" }] }));
    const found = await discoverLocalServers([silent.port, good.port], 200);
    expect(found.map(({ model }) => model)).toEqual(["llama3"]);
  });

  it("keeps the order of the ports, and finds nothing on closed ones", async () => {
    const models = (id: string) => serve((_, response) => json(response, 200, { object: "list", data: [{ id }] }));
    const [first, second] = [await models("first"), await models("second")];
    const closed = await models("closed");
    await closed.close();
    const found = await discoverLocalServers([second.port, closed.port, first.port]);
    expect(found.map(({ model }) => model)).toEqual(["second", "first"]);
  });
});
