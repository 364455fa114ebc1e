import { expect, test } from "vitest";
import { follow, NothingToFollow, type ServerSentEvent } from "./follow.ts";

const event = (id: number, data: unknown) => `id: ${id}\ndata: ${JSON.stringify(data)}\n\n`;
const done = (id: number) => `id: ${id}\ndata: [DONE]\n\n`;

/** A server that gives these answers one after another, and what it was asked. */
function server(...answers: (string[] | number | "unreachable")[]) {
  const asked: (string | null)[] = [];
  const request: typeof fetch = async (_address, init) => {
    asked.push(new Headers(init?.headers).get("last-event-id"));
    const answer = answers.shift();
    if (answer === undefined || answer === "unreachable") throw new TypeError("fetch failed");
    if (typeof answer === "number") return new Response(null, { status: answer });
    const encoder = new TextEncoder();
    return new Response(
      new ReadableStream({
        start(controller) {
          for (const piece of answer) controller.enqueue(encoder.encode(piece));
          controller.close();
        },
      }),
    );
  };
  return { asked, request };
}

async function collect(batches: AsyncIterable<ServerSentEvent[]>): Promise<string> {
  let text = "";
  for await (const batch of batches) for (const { data } of batch) text += JSON.parse(data);
  return text;
}

const atOnce = async () => {};

test("reads events wherever the network cuts them, with signs of life in between", async () => {
  const stream = `: here\n\n${event(1, "Grüße, ")}: here\n\n${event(2, "Alice")}${done(3)}`;
  const bytes = stream.split("");
  const { request } = server(bytes);
  expect(await collect(follow("/r", { request, wait: atOnce }))).toBe("Grüße, Alice");
});

test("goes on where a connection broke off, and shows nothing twice", async () => {
  const { request, asked } = server([event(1, "One "), event(2, "two "), "id: 3\ndata: {"], "unreachable", 502, [
    event(2, "two "),
    event(3, "three"),
    done(4),
  ]);
  const lost: boolean[] = [];
  const text = await collect(follow("/r", { request, wait: atOnce, onLost: (now) => lost.push(now) }));
  expect(text).toBe("One two three");
  expect(asked).toEqual([null, "2", "2", "2"]);
  expect(lost.at(-1)).toBe(false);
  expect(lost).toContain(true);
});

test("what is not there is not asked for again", async () => {
  for (const status of [401, 404]) {
    const { request, asked } = server(status, [done(1)]);
    await expect(collect(follow("/r", { request, wait: atOnce }))).rejects.toThrow(NothingToFollow);
    expect(asked).toHaveLength(1);
  }
});

test("ends when it is told to, also while it waits for the network", async () => {
  const control = new AbortController();
  const { request, asked } = server("unreachable", "unreachable", [event(1, "never"), done(2)]);
  const wait = async () => {
    if (asked.length === 2) control.abort();
  };
  expect(await collect(follow("/r", { request, wait, signal: control.signal }))).toBe("");
  expect(asked).toHaveLength(2);
});
