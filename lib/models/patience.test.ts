import { setTimeout as pause } from "node:timers/promises";
import type { StreamEvent } from "@openai/agents";
import { expect, onTestFinished, test, vi } from "vitest";
import { withinPatience } from "./patience.ts";

const delta = (text: string): StreamEvent => ({ type: "output_text_delta", delta: text });

async function collect(events: AsyncIterable<StreamEvent>): Promise<string> {
  let text = "";
  for await (const event of events) if (event.type === "output_text_delta") text += event.delta;
  return text;
}

test("a stream that falls silent is given up, and its request is cancelled", async () => {
  let cancelled = false;
  async function* stalls(signal: AbortSignal) {
    yield delta("half an");
    await pause(60_000, undefined, { signal }).finally(() => {
      cancelled = signal.aborted;
    });
  }
  await expect(collect(withinPatience(stalls, 30, undefined))).rejects.toMatchObject({ code: "timed_out" });
  expect(cancelled).toBe(true);
});

test("one that ends quietly when it is cancelled is not taken for a whole answer", async () => {
  async function* stalls(signal: AbortSignal) {
    yield delta("half an");
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    yield delta("d that was all");
  }
  await expect(collect(withinPatience(stalls, 30, undefined))).rejects.toMatchObject({ code: "timed_out" });
});

test("a slow stream that never pauses for too long arrives whole", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  async function* slow() {
    for (const word of ["a", "b", "c", "d", "e", "f"]) {
      await vi.advanceTimersByTimeAsync(150);
      yield delta(word);
    }
  }
  expect(await collect(withinPatience(slow, 200, undefined))).toBe("abcdef");
});

test("who stops it themselves is not told of impatience", async () => {
  const stop = new AbortController();
  async function* stalls(signal: AbortSignal) {
    yield delta("half an");
    stop.abort(new Error("stopped by hand"));
    signal.throwIfAborted();
  }
  await expect(collect(withinPatience(stalls, 60_000, stop.signal))).rejects.toThrow("stopped by hand");
});
