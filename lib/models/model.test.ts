import type { ServerResponse } from "node:http";
import { LLMock } from "@copilotkit/aimock";
import { type AgentInputItem, Runner } from "@openai/agents";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { agentFor } from "#lib/agents/registry.ts";
import { type Connection, connectionTo } from "./connection.ts";
import { explainModelError } from "./explain.ts";
import { chatStream, chunk, json, type StubServer, stubServer } from "./fixtures/stub-server.ts";
import { modelFor } from "./model.ts";
import type { Hear } from "./said.ts";

const mock = new LLMock({ port: 0 });
beforeAll(() => mock.start());
afterAll(() => mock.stop());
afterEach(() => mock.clearFixtures());

const open: StubServer[] = [];
const serve = async (...given: Parameters<typeof stubServer>) => {
  const server = await stubServer(...given);
  open.push(server);
  return server;
};
afterEach(() => Promise.all(open.splice(0).map((server) => server.close())));

interface Outcome {
  text: string;
  agent?: string;
  code?: string;
  message?: string;
}

/** Runs one turn the way the product does, and explains what it throws. */
async function turn(connection: Connection, input: string | AgentInputItem[], agent = "assistant"): Promise<Outcome> {
  let text = "";
  const hear: Hear = (said) => {
    if (said.kind === "text") text += said.delta;
  };
  const runner = new Runner({ model: modelFor(connection, hear) });
  try {
    const items: AgentInputItem[] = typeof input === "string" ? [{ role: "user", content: input }] : input;
    const result = await runner.run(agentFor(agent), items, { stream: true, maxTurns: 4 });
    await result.completed;
    return { text, agent: result.lastAgent?.name };
  } catch (error) {
    return { text, ...explainModelError(error, connection) };
  }
}

describe.each(["responses", "chat"] as const)("a model over %s", (api) => {
  const connection = () => connectionTo({ baseUrl: `${mock.url}/v1`, apiKey: "sk-test", api, model: "gpt-5.6-luna" });

  it("streams text", async () => {
    mock.on({ userMessage: "hello" }, { content: "Good day to you." });
    expect(await turn(connection(), "hello")).toEqual({ text: "Good day to you.", agent: "Assistant" });
  });

  it("calls a tool and answers from its result", async () => {
    const call = { name: "calculate", arguments: JSON.stringify({ expression: "6*7" }) };
    mock.on({ userMessage: "six times seven", hasToolResult: false }, { toolCalls: [call] });
    mock.on({ toolResultContains: '"result":42' }, { content: "It is 42." });
    expect(await turn(connection(), "six times seven")).toEqual({ text: "It is 42.", agent: "Assistant" });
  });

  it("hands over, and the next agent sees the thread", async () => {
    mock.on(
      { systemMessage: "You are Triage", hasToolResult: false },
      { toolCalls: [{ name: "transfer_to_Billing", arguments: "{}" }] },
    );
    mock.on({ systemMessage: "You are Billing", userMessage: "charged twice" }, { content: "Billing here." });
    expect(await turn(connection(), "I was charged twice", "triage")).toEqual({
      text: "Billing here.",
      agent: "Billing",
    });
  });

  it.each([
    [401, "invalid_api_key", "wrong_key"],
    [404, "model_not_found", "unknown_model"],
    [429, "rate_limit_exceeded", "rate_limited"],
    [429, "insufficient_quota", "no_credit"],
    [500, "server_error", "server_error"],
    [400, "context_length_exceeded", "context_too_long"],
  ])("explains %i %s as %s", async (status, code, expected) => {
    mock.on({ userMessage: "hello" }, { error: { message: "no", code, type: "error" }, status, retryAfter: 0 });
    const outcome = await turn(connection(), "hello");
    expect(outcome).toMatchObject({ text: "", code: expected });
    expect(outcome.message).toContain(expected === "context_too_long" ? "gpt-5.6-luna" : "127.0.0.1");
  });

  it("explains a stream that is cut in the middle", async () => {
    const content = "word ".repeat(400);
    mock.on({ userMessage: "hello" }, { content }, { chunkSize: 5, latency: 10, disconnectAfterMs: 120 });
    expect(await turn(connection(), "hello")).toMatchObject({ code: "cut_off" });
  });

  it("does not take an answer that reached its length limit for a whole one", async () => {
    mock.on({ userMessage: "hello" }, { content: "Once upon a", finishReason: "length" });
    expect(await turn(connection(), "hello")).toMatchObject({ text: "Once upon a", code: "output_limit" });
  });

  it("does not take nothing for an answer", async () => {
    mock.on({ userMessage: "hello" }, { content: "" });
    expect(await turn(connection(), "hello")).toMatchObject({ text: "", code: "empty" });
  });

  it("explains a server that is not there", async () => {
    const gone = await serve(() => undefined);
    await gone.close();
    const outcome = await turn(connectionTo({ baseUrl: gone.url, api, model: "llama3" }), "hello");
    expect(outcome).toMatchObject({ code: "unreachable", message: expect.stringContaining(`127.0.0.1:${gone.port}`) });
  });
});

describe("a model over chat", () => {
  it("notices a stream that ends politely but too early", async () => {
    const server = await serve((_, response) => chatStream(response, [chunk({ content: "half an" })], ""));
    expect(await turn(connectionTo({ baseUrl: server.url, model: "llama3" }), "hello")).toMatchObject({
      text: "half an",
      code: "cut_off",
    });
  });

  it("explains what is not JSON, and an error inside the stream", async () => {
    const garbled = await serve((_, response) => chatStream(response, [chunk({ content: "a" })], "data: {oops\n\n"));
    const failing = await serve((_, response) =>
      chatStream(response, [
        chunk({ content: "a" }),
        { error: { message: "Rate limit reached", code: "rate_limit_exceeded" } },
      ]),
    );
    expect(await turn(connectionTo({ baseUrl: garbled.url, model: "m" }), "hello")).toMatchObject({ code: "cut_off" });
    expect(await turn(connectionTo({ baseUrl: failing.url, model: "m" }), "hello")).toMatchObject({
      code: "rate_limited",
    });
  });

  it("tries once more, and no more, after an error before the first word", async () => {
    const answers = (failures: number) =>
      serve(({ number }, response) =>
        number <= failures
          ? json(response, 500, { error: { message: "boom" } })
          : chatStream(response, [chunk({ content: "Hello." }), chunk({}, "stop")]),
      );
    const [once, twice] = [await answers(1), await answers(2)];
    expect(await turn(connectionTo({ baseUrl: once.url, model: "m" }), "hello")).toMatchObject({ text: "Hello." });
    expect(await turn(connectionTo({ baseUrl: twice.url, model: "m" }), "hello")).toMatchObject({
      code: "server_error",
    });
    expect([once.bodies.length, twice.bodies.length]).toEqual([2, 2]);
  });

  it("says at once how long to wait, rather than waiting for long", async () => {
    const server = await serve((_, response) => {
      response.setHeader("retry-after", "30");
      json(response, 429, { error: { message: "slow down" } });
    });
    const outcome = await turn(connectionTo({ baseUrl: server.url, model: "m" }), "hello");
    expect(outcome).toMatchObject({ code: "rate_limited", message: expect.stringContaining("in 30 seconds") });
    expect(server.bodies).toHaveLength(1);
  });

  it("never repeats an answer that has begun", async () => {
    const server = await serve((_, response) => chatStream(response, [chunk({ content: "half an" })], ""));
    await turn(connectionTo({ baseUrl: server.url, model: "m" }), "hello");
    expect(server.bodies).toHaveLength(1);
  });

  it("explains a refusal", async () => {
    const server = await serve((_, response) =>
      chatStream(response, [chunk({ refusal: "I will not." }), chunk({}, "stop")]),
    );
    expect(await turn(connectionTo({ baseUrl: server.url, model: "m" }), "hello")).toMatchObject({ code: "refused" });
  });

  it("goes on without tools where a model takes none, and remembers it", async () => {
    const server = await serve(({ body }, response) =>
      "tools" in body
        ? json(response, 400, { error: { message: "gemma:2b does not support tools" } })
        : chatStream(response, [chunk({ content: "Hello." }), chunk({}, "stop")]),
    );
    const connection = connectionTo({ baseUrl: server.url, model: "gemma:2b" });
    expect(await turn(connection, "hello")).toMatchObject({ text: "Hello." });
    expect(await turn(connection, "hello again")).toMatchObject({ text: "Hello." });
    expect(server.bodies.map((body) => "tools" in body)).toEqual([true, false, false]);
  });

  it("asks a server for its model when none is named", async () => {
    const server = await serve(({ path }, response) =>
      path.endsWith("/models")
        ? json(response, 200, { object: "list", data: [{ id: "nomic-embed-text" }, { id: "llama3" }] })
        : chatStream(response, [chunk({ content: "Hello." }), chunk({}, "stop")]),
    );
    expect(await turn(connectionTo({ baseUrl: server.url }), "hello")).toMatchObject({ text: "Hello." });
    expect(server.bodies).toMatchObject([{ model: "llama3" }]);
  });

  it("says so when a server has no model", async () => {
    const server = await serve((_, response) => json(response, 200, { object: "list", data: [] }));
    expect(await turn(connectionTo({ baseUrl: server.url }), "hello")).toMatchObject({ code: "no_model" });
  });

  it("sends no key to a server that was given none, and never a key of the environment", async () => {
    const seen: (string | undefined)[] = [];
    const server = await serve((_, response) => {
      seen.push(response.req.headers.authorization);
      chatStream(response, [chunk({ content: "Hello." }), chunk({}, "stop")]);
    });
    await turn(connectionTo({ baseUrl: server.url, model: "m" }), "hello");
    await turn(connectionTo({ baseUrl: server.url, model: "m", apiKey: "sk-mine" }), "hello");
    expect(seen).toEqual(["Bearer none", "Bearer sk-mine"]);
  });
});

describe("a model over responses", () => {
  const done = (response: ServerResponse) => {
    const event = (type: string, rest: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`;
    const output = [
      {
        type: "message",
        id: "msg_9",
        role: "assistant",
        status: "completed",
        content: [{ type: "output_text", text: "Hi.", annotations: [] }],
      },
    ];
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(event("response.created", { response: { id: "resp_1" } }));
    response.end(
      event("response.completed", {
        response: {
          id: "resp_1",
          status: "completed",
          output,
          usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2 },
        },
      }),
    );
  };
  const thread: AgentInputItem[] = [
    { role: "user", content: "first" },
    { type: "reasoning", id: "rs_1", content: [], providerData: { encrypted_content: "sealed" } },
    {
      type: "message",
      role: "assistant",
      id: "chatcmpl-7",
      status: "completed",
      content: [{ type: "output_text", text: "one" }],
    },
    { role: "user", content: "second" },
  ];

  it("stores nothing at the server and asks for reasoning in its encrypted form", async () => {
    const server = await serve((_, response) => done(response));
    const connection = connectionTo({ baseUrl: server.url, api: "responses", model: "gpt-5.6-luna" });
    expect(await turn(connection, thread)).toMatchObject({ agent: "Assistant" });
    expect(server.bodies).toMatchObject([{ store: false, include: ["reasoning.encrypted_content"] }]);
    expect(JSON.stringify(server.bodies)).toContain("sealed");
    expect(JSON.stringify(server.bodies)).not.toContain("chatcmpl-7");
  });

  it("does not ask a model that does not reason for its reasoning", async () => {
    const server = await serve((_, response) => done(response));
    await turn(connectionTo({ baseUrl: server.url, api: "responses", model: "gpt-4.1-mini" }), thread);
    expect(server.bodies[0]?.include ?? []).toEqual([]);
  });

  it("goes on without reasoning that another account has encrypted", async () => {
    const server = await serve(({ number }, response) =>
      number === 1
        ? json(response, 400, {
            error: { message: "The encrypted content could not be verified.", code: "invalid_encrypted_content" },
          })
        : done(response),
    );
    const connection = connectionTo({ baseUrl: server.url, api: "responses", model: "gpt-5.6-luna" });
    expect(await turn(connection, thread)).toMatchObject({ agent: "Assistant" });
    expect(server.bodies.map((body) => JSON.stringify(body).includes("sealed"))).toEqual([true, false]);
  });
});
