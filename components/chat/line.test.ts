import { expect, test } from "vitest";
import type { ThreadChunk } from "./chunk.ts";
import { Line } from "./line.ts";
import type { Calls } from "./line-state.ts";
import { began, message, quiet, refused, run, stage, thread, until, words } from "./testing/stage.ts";

test("a first message begins a conversation and shows its answer", async () => {
  const { calls, sent, answers, streams } = stage();
  answers.push(began("r1"));
  streams.set("r1", run("r1", "Hello.", 2));
  const line = new Line(calls, null, "triage");
  const outcome = await line.send("Hi", { namespace: "support" });
  expect(outcome.ok).toBe(true);
  await quiet(line);
  expect(words(line)).toEqual(["user: Hi", "assistant: Hello."]);
  expect(sent[0]).toMatchObject({ text: "Hi", agent: "triage", namespace: "support" });
  expect(sent[0]).not.toHaveProperty("conversation");
  expect(line.state()).toMatchObject({ place: { conversation: "c1", branch: "b1" }, ended: 1, run: null });
});

test("the next message says how long the branch is after the answer", async () => {
  const { calls, sent, answers, streams } = stage();
  answers.push(began("r1"), began("r2"));
  streams.set("r1", run("r1", "Hello.", 2)).set("r2", run("r2", "Again.", 4));
  const line = new Line(calls, null, "triage");
  await line.send("Hi");
  await quiet(line);
  await line.send("More");
  await quiet(line);
  expect(sent[1]).toMatchObject({ conversation: "c1", branch: "b1", length: 2 });
});

test("what the server refuses leaves the thread as it was", async () => {
  const { calls, answers } = stage();
  answers.push(refused("invalid"));
  const line = new Line(calls, thread([message("a", "user", 0), message("b", "assistant", 1)]), "triage");
  const before = line.state().messages;
  const sending = line.send("Hi");
  expect(line.state()).toMatchObject({ live: true });
  expect(words(line).at(-1)).toBe("user: Hi");
  expect(await sending).toEqual(refused("invalid"));
  expect(line.state()).toMatchObject({ live: false, outdated: 0 });
  expect(line.state().messages).toBe(before);
});

/** A run that asks about a call and waits. */
function asking(id: string): ThreadChunk[] {
  return [
    { type: "start", messageId: id, messageMetadata: { agent: "triage", run: id, position: 1, end: 1, createdAt: 1 } },
    { type: "tool-input-available", toolCallId: "call", toolName: "pay", input: {}, dynamic: true },
    { type: "tool-approval-request", toolCallId: "call", approvalId: "call" },
    { type: "message-metadata", messageMetadata: { status: "waiting", end: 2 } },
  ];
}

test("an answer that waits is held until it is decided, and goes on in its place", async () => {
  const { calls, answers, streams } = stage();
  answers.push(began("r1"));
  streams.set("r1", asking("r1"));
  const line = new Line(calls, null, "triage");
  await line.send("Pay it");
  await until(line, ({ waiting }) => waiting);
  expect(line.state()).toMatchObject({ live: true, run: "r1" });
  expect(line.state().messages[1]).toMatchObject({
    metadata: { status: "waiting" },
    parts: [{ state: "approval-requested" }],
  });

  streams.set("r1", [
    ...asking("r1"),
    { type: "message-metadata", messageMetadata: { status: "running" } },
    { type: "tool-output-available", toolCallId: "call", output: "paid", dynamic: true },
    ...run("r1", "Paid.", 4).slice(1),
  ]);
  expect(await line.decide("call", true)).toEqual({ ok: true, value: { goesOn: true } });
  await quiet(line);
  expect(words(line)).toEqual(["user: Pay it", "assistant: Paid."]);
  expect(line.state()).toMatchObject({ waiting: false, live: false, run: null });
});

test("what another tab decides is followed here; what was stopped there is asked for", async () => {
  const { calls, streams } = stage();
  const held = thread([message("a", "user", 0)], "r1");
  const line = new Line(calls, { ...held, run: { id: "r1", position: 1, waiting: true } }, "triage");
  line.follow();
  const news = { title: "Title", newest: "r1", queue: [] };
  line.hear({ ...news, run: null });
  expect(line.state()).toMatchObject({ waiting: true, outdated: 1 });
  streams.set("r1", run("r1", "Paid.", 2));
  line.hear({ ...news, run: "r1" });
  await quiet(line);
  expect(words(line)).toEqual(["user: a", "assistant: Paid."]);
});

test("a conflict asks for what is new", async () => {
  const { calls, answers } = stage();
  answers.push(refused("conflict"));
  const line = new Line(calls, thread([message("a", "user", 0)]), "triage");
  await line.send("Hi");
  expect(line.state().outdated).toBe(1);
});

test("words that may have arrived are sent again as the same operation, other words are not", async () => {
  const { calls, sent, answers, streams } = stage();
  answers.push("unreachable", "unreachable", began("r1"), began("r2"));
  streams.set("r1", run("r1", "One.", 2)).set("r2", run("r2", "Two.", 4));
  const line = new Line(calls, thread([]), "triage");
  expect((await line.send("Hi")).ok).toBe(false);
  await line.send("Something else");
  await line.send("Something else");
  await quiet(line);
  await line.send("Something else");
  await quiet(line);
  const operations = sent.map(({ operation }) => operation);
  expect(operations[1]).toBe(operations[2]);
  expect(new Set(operations).size).toBe(3);
});

test("an edit replaces the message and what came after it, from its position", async () => {
  const { calls, sent, answers, streams } = stage();
  answers.push(began("r1", "b2"));
  streams.set("r1", run("r1", "New answer.", 4));
  const messages = ["a", "b", "c", "d"].map((id, place) => message(id, place % 2 ? "assistant" : "user", place));
  const line = new Line(calls, thread(messages), "triage");
  await line.send("New words", { instead: messages[2] });
  await quiet(line);
  expect(words(line)).toEqual(["user: a", "assistant: b", "user: New words", "assistant: New answer."]);
  expect(sent[0]).toMatchObject({ at: 2, length: 4 });
  expect(line.state()).toMatchObject({ place: { branch: "b2" }, outdated: 1 });
});

test("trying again leaves the answer out and asks from its position", async () => {
  const { calls, again, answers, streams } = stage();
  answers.push(began("r1", "b2"));
  streams.set("r1", run("r1", "Better.", 2));
  const messages = [message("a", "user", 0), message("b", "assistant", 1)];
  const line = new Line(calls, thread(messages), "triage");
  await line.tryAgain(messages[1] ?? message("none", "user", 0));
  await quiet(line);
  expect(words(line)).toEqual(["user: a", "assistant: Better."]);
  expect(again[0]).toMatchObject({ conversation: "c1", branch: "b1", position: 1 });
});

test("a message at a place where branches part asks for the page that tells of them", async () => {
  const { calls, answers, streams } = stage();
  answers.push(began("r1", "b1", true));
  streams.set("r1", run("r1", "Hello.", 2));
  const line = new Line(calls, thread([]), "triage");
  await line.send("Hi");
  await quiet(line);
  expect(line.state().outdated).toBe(1);
});

test("a live run of the server is followed, and stands in the thread once", async () => {
  const { calls, streams } = stage();
  streams.set("r1", run("r1", "All of it.", 2));
  const line = new Line(calls, thread([message("a", "user", 0)], "r1"), "triage");
  expect(line.state().live).toBe(true);
  line.follow();
  line.follow();
  await quiet(line);
  expect(words(line)).toEqual(["user: a", "assistant: All of it."]);
  expect(line.state().ended).toBe(1);
});

test("what begins when everybody has left is not followed before somebody comes back", async () => {
  const { calls, answers, streams } = stage();
  streams.set("r1", run("r1", "All of it.", 2));
  const followed: string[] = [];
  const { promise: held, resolve: goOn } = Promise.withResolvers<void>();
  const send = async (...input: Parameters<Calls["send"]>) => held.then(() => calls.send(...input));
  const follow: Calls["follow"] = (run, options) => {
    followed.push(run);
    return calls.follow(run, options);
  };
  answers.push(began("r1"));
  const line = new Line({ ...calls, send, follow }, null, "triage");
  const sending = line.send("Hi");
  line.leave();
  setTimeout(goOn);
  await sending;
  expect(followed).toEqual([]);
  line.follow();
  await quiet(line);
  expect(words(line)).toEqual(["user: Hi", "assistant: All of it."]);
});

test("what the server knows does not replace what is being written", async () => {
  const { calls, answers } = stage();
  answers.push(began("r1"));
  const line = new Line(calls, thread([]), "triage");
  const sending = line.send("Hi");
  line.take(thread([message("old", "user", 0)]));
  expect(words(line)).toEqual(["user: Hi"]);
  await sending;
});

test("a page that was asked for before the last answer and comes after it is asked for again, once", async () => {
  const { calls, answers, streams } = stage();
  answers.push(began("r1"));
  streams.set("r1", run("r1", "Hello.", 2));
  const line = new Line(calls, thread([]), "triage");
  await line.send("Hi");
  await quiet(line);
  line.take(thread([message("a", "user", 0)]));
  expect(words(line)).toEqual(["user: Hi", "assistant: Hello."]);
  expect(line.state().outdated).toBe(1);
  line.take(thread([message("a", "user", 0)]));
  expect(words(line)).toEqual(["user: a"]);
});

test("a message that waits is asked about when the answer is done", async () => {
  const { calls, answers, streams } = stage();
  answers.push(began("r1"));
  streams.set("r1", run("r1", "Hello.", 2));
  const line = new Line(calls, thread([]), "triage");
  const sending = line.send("Hi");
  await line.queue.add("And then?");
  expect(line.state().queue.map(({ text }) => text)).toEqual(["And then?"]);
  await sending;
  await quiet(line);
  expect(line.state().outdated).toBeGreaterThan(0);
});

test("news of a run that is not followed here ask for the page, news of one's own do not", async () => {
  const { calls, answers, streams } = stage();
  answers.push(began("r1"));
  streams.set("r1", run("r1", "Hello.", 2));
  const line = new Line(calls, thread([]), "triage");
  await line.send("Hi");
  line.hear({ title: "Title", run: "r1", newest: "r1", queue: [] });
  await quiet(line);
  line.hear({ title: "Title", run: null, newest: "r1", queue: [] });
  expect(line.state().outdated).toBe(0);
  line.hear({ title: "New title", run: "r2", newest: "r2", queue: [] });
  expect(line.state()).toMatchObject({ outdated: 1, title: "New title" });
});

test("stop is heard even before the run has a name", async () => {
  const { calls, answers, stopped } = stage();
  answers.push(began("r1"));
  const line = new Line(calls, thread([]), "triage");
  const sending = line.send("Hi");
  await line.stop();
  expect(stopped).toEqual([]);
  await sending;
  expect(stopped).toEqual(["r1"]);
});

test("an answer that cannot be followed says why, and asks for what is new", async () => {
  const { calls } = stage();
  const gone: Calls["follow"] = () => {
    throw new Error("This answer is no longer there.");
  };
  const line = new Line({ ...calls, follow: gone }, thread([message("a", "user", 0)], "r1"), "triage");
  line.follow();
  await quiet(line);
  expect(line.state()).toMatchObject({ problem: "This answer is no longer there.", outdated: 1, run: null });
});

test("what waits is what the server says, also during an answer", async () => {
  const { calls } = stage();
  let end = () => {};
  const follow: Calls["follow"] = async function* () {
    await new Promise<void>((resolve) => (end = resolve));
  };
  const line = new Line({ ...calls, follow }, thread([message("a", "user", 0)], "r1"), "triage");
  line.follow();
  const waits = { id: "r2", text: "And then?", agent: null, createdAt: 0 };
  line.hear({ title: "Title", run: "r1", newest: "r1", queue: [waits] });
  expect(line.state().queue).toEqual([waits]);
  await line.queue.edit(waits, "And now?", "And then?");
  expect(line.state().queue.map(({ text }) => text)).toEqual(["And now?"]);
  // It has begun, on the server: the answer that is followed here has ended, and this tab is about to hear so.
  line.hear({ title: "Title", run: "r2", newest: "r2", queue: [] });
  expect(line.state()).toMatchObject({ queue: [], outdated: 0 });
  end();
  await quiet(line);
  expect(line.state().outdated).toBe(1);
});

test("a run of which nothing was seen is asked about once, also when it is over", async () => {
  const { calls } = stage();
  const line = new Line(calls, thread([message("a", "user", 0)]), "triage");
  const over = { title: "Title", run: null, newest: "r9", queue: [] };
  line.hear(over);
  line.hear(over);
  expect(line.state().outdated).toBe(1);
});
