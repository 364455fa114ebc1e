import { afterEach, describe, expect, it } from "vitest";
import { checkConnection } from "./check.ts";
import { connectionTo, demoConnection } from "./connection.ts";
import { chatStream, chunk, json, type StubServer, stubServer } from "./fixtures/stub-server.ts";

const open: StubServer[] = [];
const serve = async (...given: Parameters<typeof stubServer>) => {
  const server = await stubServer(...given);
  open.push(server);
  return server;
};
afterEach(() => Promise.all(open.splice(0).map((server) => server.close())));

const list = { object: "list", data: [{ id: "llama3" }, { id: "qwen3" }] };
const yes = [chunk({ content: "yes" }), chunk({}, "stop")];

describe("checkConnection", () => {
  it("answers with the model and the others on offer", async () => {
    const server = await serve(({ path }, response) =>
      path.endsWith("/models") ? json(response, 200, list) : chatStream(response, yes),
    );
    const checked = await checkConnection(connectionTo({ baseUrl: server.url }));
    expect(checked).toMatchObject({ ok: true, model: "llama3", models: ["llama3", "qwen3"] });
  });

  it("is content with a server that cannot list its models", async () => {
    const server = await serve(({ path }, response) =>
      path.endsWith("/models") ? json(response, 404, {}) : chatStream(response, yes),
    );
    const checked = await checkConnection(connectionTo({ baseUrl: server.url, model: "llama3" }));
    expect(checked).toMatchObject({ ok: true, model: "llama3", models: [] });
  });

  it("explains a wrong key and an unknown model, with the models that there are", async () => {
    const refuse = (status: number) =>
      serve(({ path }, response) =>
        path.endsWith("/models") ? json(response, 200, list) : json(response, status, { error: { message: "no" } }),
      );
    const [locked, lacking] = [await refuse(401), await refuse(404)];
    expect(await checkConnection(connectionTo({ baseUrl: locked.url, apiKey: "k", model: "m" }))).toMatchObject({
      ok: false,
      code: "wrong_key",
    });
    expect(await checkConnection(connectionTo({ baseUrl: lacking.url, model: "m" }))).toMatchObject({
      ok: false,
      code: "unknown_model",
      models: ["llama3", "qwen3"],
    });
  });

  it("gives up in time on a server that says nothing", async () => {
    const silent = await serve(() => undefined);
    for (const model of ["m", ""]) {
      const checked = await checkConnection(connectionTo({ baseUrl: silent.url, model }), 150);
      expect(checked).toMatchObject({ ok: false, code: "timed_out", models: [] });
    }
  });

  it("finds the demo always there", async () => {
    expect(await checkConnection(demoConnection)).toMatchObject({ ok: true, models: [] });
  });
});
