import type { StreamEvent } from "@openai/agents";
import { expect, test } from "vitest";
import { mergeDeltas } from "./merge-deltas.ts";

const delta = (text: string): StreamEvent => ({ type: "output_text_delta", delta: text });
const raw: StreamEvent = { type: "model", event: { something: "else" } };

async function told(events: AsyncIterable<StreamEvent>): Promise<unknown[]> {
  const seen: unknown[] = [];
  try {
    for await (const event of mergeDeltas(events)) {
      seen.push(event.type === "output_text_delta" ? event.delta : event.type);
    }
  } catch (error) {
    seen.push(error);
  }
  return seen;
}

test("deltas that come together are one, and keep their place among other events", async () => {
  async function* together() {
    yield* [delta("a"), delta("b"), raw, delta("c"), delta("d")];
  }
  expect(await told(together())).toEqual(["ab", "model", "cd"]);
});

test("a delta goes on although the next one never comes", async () => {
  async function* stalling() {
    yield delta("a");
    await new Promise(() => {});
  }
  const events = mergeDeltas(stalling());
  expect((await events.next()).value).toEqual(delta("a"));
});

test("what came before an error is passed on before it", async () => {
  const failure = new Error("cut");
  async function* failing() {
    yield* [delta("a"), delta("b")];
    throw failure;
  }
  expect(await told(failing())).toEqual(["ab", failure]);
});

test("nothing is held for long, and who leaves in the middle ends the stream", async () => {
  let ended = false;
  async function* endless() {
    try {
      for (;;) {
        yield delta("a");
        await new Promise(setImmediate);
      }
    } finally {
      ended = true;
    }
  }
  for await (const event of mergeDeltas(endless())) {
    expect(event.type).toBe("output_text_delta");
    break;
  }
  expect(ended).toBe(true);
});
