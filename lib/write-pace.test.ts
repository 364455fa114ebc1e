import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { writeSoon } from "./write-pace.ts";

// Before the pace looks at the clock for the first time.
vi.hoisted(() => vi.useFakeTimers({ toFake: ["setImmediate", "setTimeout", "performance"] }));
beforeEach(() => {
  vi.advanceTimersByTime(1000);
});
afterAll(() => {
  vi.useRealTimers();
});

const numbers = (count: number) => Array.from({ length: count }, (_, number) => number);

test("what few viewers are shown is written at once, after what is there has been read", () => {
  const written: number[] = [];
  for (const viewer of numbers(250)) writeSoon(() => written.push(viewer));
  expect(written).toEqual([]);
  vi.advanceTimersByTime(0);
  expect(written).toEqual(numbers(250));
});

test("many viewers take turns, each once and in their order, and nobody is left waiting", () => {
  const written: number[] = [];
  for (const viewer of numbers(1000)) writeSoon(() => written.push(viewer));
  vi.advanceTimersByTime(0);
  expect(written).toEqual(numbers(250));
  vi.advanceTimersByTime(50);
  expect(written.length).toBeGreaterThan(450);
  expect(written.length).toBeLessThan(550);
  // The last one waits for 150 ms and no longer, whoever comes after.
  vi.advanceTimersByTime(60);
  writeSoon(() => written.push(1000));
  vi.advanceTimersByTime(50);
  expect(written).toEqual(numbers(1001));
});

test("a write that asks for the next one is written again", () => {
  let written = 0;
  const write = () => {
    written += 1;
    if (written < 3) writeSoon(write);
  };
  writeSoon(write);
  vi.advanceTimersByTime(100);
  expect(written).toBe(3);
});
