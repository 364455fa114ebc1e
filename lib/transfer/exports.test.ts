import { expect, test } from "vitest";
import type { User } from "#lib/access.ts";
import { followExport, listExports, type ShownExport, stopExport } from "./exports.ts";

const ana: User = { id: "ana", name: null, email: null, role: "member" };
const ben: User = { ...ana, id: "ben" };

const running = (id: string): ShownExport => ({
  id,
  name: "all.zip",
  phase: "running",
  written: 0,
  total: 3,
  bytes: 0,
});

/** Chunks of two bytes, and whether somebody has ended it. */
function source(chunks: number) {
  const state = { cancelled: false };
  let left = chunks;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (left-- > 0) controller.enqueue(new Uint8Array(2));
        else controller.close();
      },
      cancel() {
        state.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { body, state };
}

const phaseOf = (user: User, id: string) => listExports(user).find((shown) => shown.id === id)?.phase;

test("all bytes go out, counted, and only its owner sees it", async () => {
  const followed = followExport(ana, running("one"), source(5).body);
  expect(phaseOf(ana, "one")).toBe("running");
  expect(phaseOf(ben, "one")).toBeUndefined();
  expect(await new Response(followed).bytes()).toHaveLength(10);
  expect(listExports(ana).find(({ id }) => id === "one")).toMatchObject({ phase: "done", bytes: 10 });
});

test("who stops it breaks the file off, and nobody else can", async () => {
  const { body, state } = source(1000);
  const reader = followExport(ana, running("two"), body).getReader();
  await reader.read();
  stopExport(ben, "two");
  expect(phaseOf(ana, "two")).toBe("running");
  stopExport(ana, "two");
  stopExport(ana, "two");
  await expect(reader.read()).rejects.toThrow("stopped");
  expect(phaseOf(ana, "two")).toBe("stopped");
  expect(state.cancelled).toBe(true);
});

test("a browser that gives up ends the reading", async () => {
  const { body, state } = source(1000);
  const reader = followExport(ana, running("three"), body).getReader();
  await reader.read();
  await reader.cancel();
  expect(phaseOf(ana, "three")).toBe("stopped");
  expect(state.cancelled).toBe(true);
});

test("what breaks inside is passed on", async () => {
  const broken = new ReadableStream<Uint8Array>({ pull: () => Promise.reject(new Error("disk")) });
  const followed = followExport(ana, running("four"), broken);
  await expect(new Response(followed).bytes()).rejects.toThrow("disk");
  expect(phaseOf(ana, "four")).toBe("stopped");
});
