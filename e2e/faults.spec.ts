import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { test as base, expect } from "@playwright/test";
import { authSecret, cookieOf, createPerson } from "./people.ts";
import { type Server, startServer } from "./server.ts";
import { isCall, isResult, itemsOf, say, type Turn, wordsOf } from "./turns.ts";
import { Viewer } from "./viewer.ts";
import { Visitor } from "./visitor.ts";
import { type Asked, call, finish, frame, opened, refuse, WildModel, write } from "./wild-model.ts";

/** The model server misbehaves in every way, and the thread stays usable. */

/** How long the server waits for a model that says nothing, in seconds. */
const patience = 2;

interface Room {
  server: Server;
  model: WildModel;
  visitor: Visitor;
  cookies: string;
}

const test = base.extend<object, { room: Room }>({
  room: [
    async ({}, use) => {
      const model = new WildModel();
      await model.start();
      const server = await startServer({
        ...{ AUTH_SECRET: authSecret, OPENAI_BASE_URL: model.url, OPENAI_API_KEY: "test-key", OPENAI_MODEL: "wild" },
        MODEL_IDLE_SECONDS: String(patience),
      });
      const cookies = await cookieOf(await createPerson(server.dataDir, "Alice"));
      await use({ server, model, visitor: new Visitor(server.url, cookies), cookies });
      await server.stop();
      await model.stop();
    },
    { scope: "worker", timeout: 60_000 },
  ],
});

test.describe.configure({ mode: "default" });

const answersProperly = async (_: Asked, response: ServerResponse) => {
  await write(opened(response), ["All", " is", " well."]);
  finish(response);
};

async function watch({ server, cookies }: Room, { run }: Turn): Promise<Viewer> {
  const viewer = new Viewer(server.url, cookies, run);
  await viewer.follow();
  return viewer;
}

/** After whatever has happened the next message is answered, and everything is there once. */
async function staysUsable(room: Room, { conversation }: Turn, first: string): Promise<void> {
  const next = await say(room.visitor, "Is all well?", { conversation });
  expect((await watch(room, next)).text).toBe("All is well.");
  const items = await itemsOf(room.visitor, conversation);
  expect(items.filter(({ role }) => role === "user").map(wordsOf)).toEqual([first, "Is all well?"]);
  expect(items.filter(isResult).map(({ callId }) => callId)).toEqual(items.filter(isCall).map(({ callId }) => callId));
}

const half = async (_: Asked, response: ServerResponse) => {
  await write(opened(response), ["Half", " of", " it"]);
};

const tooLong = { message: "This model's maximum context length is 8192 tokens.", code: "context_length_exceeded" };

interface Fault {
  what: string;
  does: (asked: Asked, response: ServerResponse) => void | Promise<void>;
  says: RegExp;
  keeps: string;
  /** How often the model may be asked. */
  asks: number;
}

const faults: Fault[] = [
  {
    what: "a rate limit with a long Retry-After",
    does: (_, response) => refuse(response, 429, { message: "slow down" }, { "retry-after": "40" }),
    says: /limiting requests; try again in 40 seconds/,
    keeps: "",
    asks: 1,
  },
  {
    what: "a rate limit with a short Retry-After that stays",
    does: (_, response) => refuse(response, 429, { message: "slow down" }, { "retry-after": "1" }),
    says: /limiting requests; try again in a second/,
    keeps: "",
    asks: 2,
  },
  {
    what: "a 500 before the first word that stays",
    does: (_, response) => refuse(response, 500, { message: "boom" }),
    says: /failed to answer \(status 500\); try again/,
    keeps: "",
    asks: 2,
  },
  {
    what: "an error after the first words",
    does: async (asked, response) => {
      await half(asked, response);
      response.end(`data: ${JSON.stringify({ error: { message: "boom", type: "server_error" } })}\n\n`);
    },
    says: /failed to answer; try again/,
    keeps: "Half of it",
    asks: 1,
  },
  {
    what: "a stream that is cut in the middle of a character",
    does: async (asked, response) => {
      await half(asked, response);
      const bytes = Buffer.from(frame({ content: "日本" }));
      response.write(bytes.subarray(0, bytes.indexOf(Buffer.from("日")) + 1), () => response.destroy());
    },
    says: /broke in the middle of the answer/,
    keeps: "Half of it",
    asks: 1,
  },
  {
    what: "a stream that stalls",
    does: half,
    says: /took too long to answer/,
    keeps: "Half of it",
    asks: 1,
  },
  {
    what: "a server that never begins to answer",
    does: () => {},
    says: /took too long to answer/,
    keeps: "",
    asks: 1,
  },
  {
    what: "events that are no JSON",
    does: async (asked, response) => {
      await half(asked, response);
      response.end("data: {oops\n\ndata: [DONE]\n\n");
    },
    says: /broke in the middle of the answer/,
    keeps: "Half of it",
    asks: 1,
  },
  {
    what: "events of another shape",
    does: (_, response) => void opened(response).end('data: {"surprise":[1,2,3]}\n\ndata: null\n\ndata: [DONE]\n\n'),
    says: /could not be understood; try again/,
    keeps: "",
    asks: 1,
  },
  {
    what: "a page where a stream should be",
    does: (_, response) => void response.writeHead(200, { "content-type": "text/html" }).end("<h1>Hello</h1>"),
    says: /try again/,
    keeps: "",
    asks: 2,
  },
  {
    what: "an empty answer",
    does: (_, response) => finish(opened(response)),
    says: /answered with nothing; try again/,
    keeps: "",
    asks: 1,
  },
  {
    what: "a conversation that is too long for it",
    does: (_, response) => refuse(response, 400, tooLong),
    says: /longer than wild can read; start a new one/,
    keeps: "",
    asks: 1,
  },
  {
    what: "a tool that nobody has",
    does: (_, response) => call(opened(response), "launch_rocket", "{}"),
    says: /could not be understood; try again/,
    keeps: "",
    asks: 1,
  },
  {
    what: "ten megabytes of arguments",
    does: (_, response) => call(opened(response), "calculate", `{"expression":"${"1+".repeat(5_000_000)}1"}`),
    says: /could not be understood; try again/,
    keeps: "",
    asks: 1,
  },
];

for (const [place, { what, does, says, keeps, asks }] of faults.entries()) {
  test(`${what}: one sentence, nothing lost, and the next message works`, async ({ room }) => {
    const { model, visitor } = room;
    const first = `Question number ${place}, please`;
    model.on("Is all well?", answersProperly);
    model.on(first, does);
    const turn = await say(visitor, first);
    const viewer = await watch(room, turn);

    expect(viewer.message.metadata?.status).toBe("failed");
    expect(viewer.message.metadata?.error?.message).toMatch(says);
    expect(viewer.text).toBe(keeps);
    expect(model.asked.filter(({ text }) => text === first)).toHaveLength(asks);
    const kept = (await itemsOf(visitor, turn.conversation)).slice(1).map(wordsOf).join("");
    expect(kept).toBe(keeps);
    await staysUsable(room, turn, first);
  });
}

test("what passes by itself is tried once more, and nobody notices", async ({ room }) => {
  const { model, visitor } = room;
  for (const [status, headers] of [[500, {}] as const, [429, { "retry-after": "1" }] as const]) {
    const first = `A passing ${status}`;
    let refused = false;
    model.on("Is all well?", answersProperly);
    model.on(first, (asked, response) => {
      if (refused) return answersProperly(asked, response);
      refused = true;
      refuse(response, status, { message: "not now" }, headers);
    });
    const turn = await say(visitor, first);
    const viewer = await watch(room, turn);
    expect(viewer.message.metadata?.status).toBe("completed");
    expect(viewer.text).toBe("All is well.");
    await staysUsable(room, turn, first);
  }
});

test("a stalled request is let go of", async ({ room }) => {
  const { model, visitor } = room;
  let closed: Promise<unknown> = Promise.resolve();
  model.on("Stall and be left", async (asked, response) => {
    closed = once(response, "close");
    await half(asked, response);
  });
  await watch(room, await say(visitor, "Stall and be left"));
  await closed;
});

const toolFaults = [
  { what: "arguments that are no JSON", name: "calculate", given: "{expression: 1 +", hears: /error|invalid/i },
  { what: "arguments of the wrong shape", name: "calculate", given: '{"sum":[1,2]}', hears: /error|invalid/i },
  {
    what: "a result that is far too long",
    name: "calculate",
    given: JSON.stringify({ expression: "1+".repeat(100_000) }),
    hears: /\[Cut here: the tool returned 200,\d{3} characters/,
  },
];

for (const { what, name, given, hears } of toolFaults) {
  test(`a tool call with ${what} is told to the model, which goes on`, async ({ room }) => {
    const { model, visitor } = room;
    const first = `Use the tool with ${what}`;
    let heard = "";
    model.on("Is all well?", answersProperly);
    model.on(first, (asked, response) => {
      if (asked.results === 0) return call(opened(response), name, given);
      heard = JSON.stringify(asked.messages.findLast(({ role }) => role === "tool")?.content);
      return answersProperly(asked, response);
    });
    const turn = await say(visitor, first);
    const viewer = await watch(room, turn);

    expect(viewer.message.metadata?.status).toBe("completed");
    expect(viewer.text).toBe("All is well.");
    expect(heard).toMatch(hears);
    expect(heard.length).toBeLessThan(60_000);
    await staysUsable(room, turn, first);
  });
}
