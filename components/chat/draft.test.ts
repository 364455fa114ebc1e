import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Draft, draftOf, moveDraft } from "./draft.ts";

const kept = new Map<string, string>();

beforeEach(() => {
  vi.stubGlobal("window", {
    localStorage: {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, text: string) => void kept.set(key, text),
      removeItem: (key: string) => void kept.delete(key),
    },
  });
});

afterEach(() => {
  kept.clear();
  vi.unstubAllGlobals();
});

/** A box that shows the draft of a conversation: what stands in it, and how it is taken away. */
function box(conversation: string | null) {
  const draft = draftOf("ada", conversation);
  return { draft, away: draft.watch(() => {}), shows: () => draft.state.text };
}

/** Sends what is written in a box; what went wrong is told later. */
function sending(draft: Draft, text: string) {
  const { promise, resolve } = Promise.withResolvers<string | null>();
  draft.write(text);
  return { sent: draft.send(() => promise), ends: resolve };
}

test("what was begun is there again in another box, and for that conversation alone", () => {
  const first = box("apples");
  first.draft.write("a pound");
  first.away();
  expect(box("apples").shows()).toBe("a pound");
  expect(box("pears").shows()).toBe("");
});

test("words under way are not shown by a box that opens meanwhile, which a reload would find", async () => {
  const first = box("a");
  const { sent, ends } = sending(first.draft, "early");
  first.draft.write("late");
  first.away();
  const second = box("a");
  expect(second.shows()).toBe("late");
  expect([...kept.values()]).toEqual(["early\n\nlate"]);

  ends(null);
  await sent;
  expect(second.shows()).toBe("late");
  expect([...kept.values()]).toEqual(["late"]);
});

test("words that could not be sent come back into the box that is there then, with the reason", async () => {
  const first = box("b");
  const { sent, ends } = sending(first.draft, "early");
  first.away();
  const second = box("b");
  second.draft.write("late");
  ends("The server cannot be reached.");
  await sent;
  expect(second.draft.state).toEqual({
    text: "early\n\nlate",
    problem: "The server cannot be reached.",
    sending: false,
  });
});

test("words that could not be sent are kept when nobody is there", async () => {
  const first = box("c");
  const { sent, ends } = sending(first.draft, "early");
  first.away();
  ends("No.");
  await sent;
  expect(box("c").draft.state).toEqual({ text: "early", problem: null, sending: false });
});

test("a conversation that begins takes along what is written and what is under way", async () => {
  const begun = box(null);
  const { sent, ends } = sending(begun.draft, "early");
  begun.draft.write("late");
  begun.away();
  moveDraft("ada", "d");
  expect(box(null).shows()).toBe("");
  expect(box("d").shows()).toBe("late");
  ends("No.");
  await sent;
  expect(box("d").shows()).toBe("early\n\nlate");
});

test("a second message waits until the first is known to be there", async () => {
  const { draft } = box("e");
  const { sent, ends } = sending(draft, "early");
  draft.write("late");
  const second = vi.fn(async () => null);
  await draft.send(second);
  expect(second).not.toHaveBeenCalled();
  expect(draft.state).toEqual({ text: "late", problem: null, sending: true });
  ends(null);
  await sent;
  expect(draft.state.sending).toBe(false);
  await draft.send(second);
  expect(second).toHaveBeenCalledWith("late");
});

test("a browser that keeps nothing costs only what a reload would have found", async () => {
  vi.stubGlobal("window", {
    get localStorage(): Storage {
      throw new Error("not here");
    },
  });
  const { draft, shows } = box("f");
  draft.write("words");
  draft.giveBack("earlier");
  expect(shows()).toBe("earlier\n\nwords");
});
