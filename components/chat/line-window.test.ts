import { expect, test } from "vitest";
import type { Outcome } from "#lib/guard.ts";
import type { SendResult, Thread, ThreadMessage, ThreadWindow } from "#lib/thread.ts";
import { shownOf } from "./held.ts";
import { Line } from "./line.ts";
import type { At, Calls } from "./line-state.ts";

/** A line that holds only a part of a long branch. */

const unasked = async (): Promise<never> => {
  throw new Error("Nobody asked for this.");
};

/** A server with a branch of `length` messages of one item each, and other branches that share its beginning. */
function stage(length: number) {
  const branch = Array.from({ length }, (_, position): ThreadMessage => {
    const role = position % 2 ? "assistant" : "user";
    const metadata = { agent: null, position, end: position + 1, createdAt: 0 };
    return { id: `${position}`, role, parts: [{ type: "text", text: `${position}` }], metadata };
  });
  const asked: At[] = [];
  const sent: Parameters<Calls["send"]>[0][] = [];
  let down = false;
  let outcome: Outcome<SendResult> = {
    ok: true,
    value: { conversation: "c1", branch: "b2", run: "r1", position: 0, parts: false },
  };
  const part = (from: number, to: number): ThreadWindow => {
    const [first, last] = [Math.max(0, from), Math.min(length, to)];
    return { messages: branch.slice(first, last), from: first, to: last };
  };
  const calls: Calls = {
    send: async (input) => {
      sent.push(input);
      return outcome;
    },
    tryAgain: async () => outcome,
    stop: async () => true,
    decide: unasked,
    queue: unasked,
    editQueued: unasked,
    unqueue: unasked,
    sendQueued: unasked,
    async *follow(run) {
      const metadata = { agent: "triage", run, position: 7, end: 8, createdAt: 1 };
      yield { type: "start", messageId: run, messageMetadata: metadata };
      yield { type: "text-start", id: "t" };
      yield { type: "text-delta", id: "t", delta: "Live." };
      yield { type: "finish", messageMetadata: { status: "completed", end: 8 } };
    },
    fetch: async (_place, at) => {
      asked.push(at);
      if (down) throw new TypeError("fetch failed");
      if ("before" in at) return part(at.before - 40, at.before);
      if ("after" in at) return part(at.after, at.after + 40);
      return part(at.around - 20, at.around + 20);
    },
  };
  const thread = (live: string | null = null, name = "b1"): Thread => ({
    conversation: { id: "c1", title: "Title", namespace: "general", archived: false },
    branch: { id: name, name: "main", length, agent: "triage" },
    branches: [],
    messages: branch.slice(-40),
    from: Math.max(0, length - 40),
    run: live ? { id: live, position: length, waiting: false } : null,
    queue: [],
  });
  return {
    ...{ calls, asked, sent, thread },
    cut: (broken: boolean) => {
      down = broken;
    },
    refuse: () => {
      outcome = { ok: false, error: { code: "invalid", message: "No." } };
    },
  };
}

const ids = (line: Line) => shownOf(line.state()).messages.map(({ id }) => id);
const span = (line: Line) => [ids(line)[0], ids(line).at(-1)];

/** Resolves when the line has no live run. */
const quiet = (line: Line) =>
  new Promise<void>((resolve) => {
    const check = () => {
      if (line.state().live) return;
      unwatch();
      resolve();
    };
    const unwatch = line.watch(check);
    check();
  });

test("more of the branch is fetched once at a time, and not when there is none", async () => {
  const { calls, asked, thread } = stage(100);
  const line = new Line(calls, thread(), "triage");
  await Promise.all([line.window.more("earlier"), line.window.more("earlier"), line.window.more("later")]);
  expect(span(line)).toEqual(["20", "99"]);
  await line.window.more("earlier");
  await line.window.more("earlier");
  expect(span(line)).toEqual(["0", "99"]);
  expect(asked).toEqual([{ before: 60 }, { before: 20 }]);
});

test("what could not be fetched is said, and can be asked for again", async () => {
  const { calls, cut, thread } = stage(100);
  const line = new Line(calls, thread(), "triage");
  cut(true);
  await line.window.more("earlier");
  expect(line.state()).toMatchObject({ unfetched: "earlier", fetching: null });
  cut(false);
  await line.window.more("earlier");
  expect(line.state()).toMatchObject({ unfetched: null, from: 20 });
});

test("a message far up is reached, and the newest are there again at once", async () => {
  const { calls, asked, thread } = stage(3_000);
  const line = new Line(calls, thread(), "triage");
  expect(await line.window.reach(100)).toBe(true);
  expect(span(line)).toEqual(["80", "119"]);
  await line.window.more("later");
  expect(span(line)).toEqual(["80", "159"]);
  line.window.newest();
  expect(span(line)).toEqual(["2960", "2999"]);
  expect(await line.window.reach(2_970)).toBe(true);
  expect(await line.window.reach(9_999)).toBe(false);
  expect(asked).toEqual([{ around: 100 }, { after: 120 }, { around: 9_999 }]);
});

test("sending from far up goes to the end", async () => {
  const { calls, sent, thread } = stage(3_000);
  const line = new Line(calls, thread(), "triage");
  await line.window.reach(100);
  await line.send("Hi");
  await quiet(line);
  expect(ids(line).slice(0, 40)).toEqual(Array.from({ length: 40 }, (_, place) => String(2_960 + place)));
  expect(ids(line)).toHaveLength(42);
  expect(sent[0]).toMatchObject({ length: 3_000 });
});

test("an edit far up ends the thread there, and a refused one leaves what was shown", async () => {
  const { calls, sent, refuse, thread } = stage(3_000);
  const line = new Line(calls, thread(), "triage");
  await line.window.reach(100);
  const edited = line.state().away?.messages.find(({ id }) => id === "90");
  await line.send("Other words", { instead: edited });
  await quiet(line);
  expect(ids(line).slice(0, 10)).toEqual(Array.from({ length: 10 }, (_, place) => String(80 + place)));
  expect(ids(line)).toHaveLength(12);
  expect(line.state()).toMatchObject({ away: null, from: 80, place: { branch: "b2" } });
  expect(sent[0]).toMatchObject({ at: 90, length: 3_000 });

  const again = new Line(calls, thread(), "triage");
  await again.window.reach(100);
  const { away, messages } = again.state();
  refuse();
  await again.send("Other words", { instead: edited });
  expect(again.state()).toMatchObject({ away, messages, from: 2_960 });
});

test("an answer is written at the end while what is further up is shown", async () => {
  const { calls, thread } = stage(3_000);
  const line = new Line(calls, thread("r1"), "triage");
  await line.window.reach(100);
  line.follow();
  await quiet(line);
  expect(span(line)).toEqual(["80", "119"]);
  line.window.newest();
  expect(ids(line).at(-1)).toBe("r1");
});

test("a page that comes anew leaves what was fetched of the same branch, and nothing of another", async () => {
  const { calls, thread } = stage(3_000);
  const line = new Line(calls, thread(), "triage");
  await line.window.more("earlier");
  line.take(thread());
  expect(span(line)).toEqual(["2920", "2999"]);
  await line.window.reach(100);
  line.take(thread());
  expect(span(line)).toEqual(["80", "119"]);
  line.take(thread(null, "b3"));
  expect(span(line)).toEqual(["2960", "2999"]);
});

test("another branch is shown where one looks", async () => {
  const { calls, thread } = stage(3_000);
  const line = new Line(calls, thread(), "triage");
  await line.window.prepare("b3", 100);
  expect(span(line)).toEqual(["2960", "2999"]);
  line.take(thread(null, "b3"));
  expect(span(line)).toEqual(["80", "119"]);
});
