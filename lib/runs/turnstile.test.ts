import { randomUUID } from "node:crypto";
import { afterEach, expect, test, vi } from "vitest";
import { startTurn } from "./start.ts";
import { enter, leave } from "./turnstile.ts";

afterEach(() => vi.useRealTimers());

/** Lets everything go on that waits for nothing. */
const settle = async () => {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
};

/** Who of these has come in by now, in order. */
function arrivals(...turns: string[]): string[] {
  const inside: string[] = [];
  for (const turn of turns) void enter(turn).then(() => inside.push(turn));
  return inside;
}

test("a few are inside at a time, in the order in which they came", async () => {
  vi.useFakeTimers();
  const inside = arrivals("a", "b", "c", "d");
  await settle();
  expect(inside).toEqual(["a", "b"]);
  leave("b");
  leave("b");
  await settle();
  expect(inside).toEqual(["a", "b", "c"]);
  await vi.advanceTimersByTimeAsync(20);
  expect(inside).toEqual(["a", "b", "c", "d"]);
  await vi.advanceTimersByTimeAsync(20);
  expect(vi.getTimerCount()).toBe(0);
});

test("a turn that is refused takes nobody's place", async () => {
  vi.useFakeTimers();
  const alice = { id: "alice", name: "Alice", email: null, role: "member" as const };
  const refused = Array.from({ length: 20 }, () => startTurn(alice, { operation: randomUUID(), text: " " }));
  const inside = arrivals("next");
  const outcomes = await Promise.allSettled(refused);
  expect(outcomes.map(({ status }) => status)).toEqual(refused.map(() => "rejected"));
  await settle();
  expect(inside).toEqual(["next"]);
  leave("next");
  expect(vi.getTimerCount()).toBe(0);
});
