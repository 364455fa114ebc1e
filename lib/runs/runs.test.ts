import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { beforeAll, expect, test, vi } from "vitest";
import { client, database } from "#db/client.ts";
import { queuedMessages, runs } from "#db/schema.ts";
import { ownConversation, ownQueuedMessage, ownRun, type User } from "#lib/access.ts";
import { branchFrom, makeCurrent, switchAgent } from "#lib/branches.ts";
import { openThread } from "#lib/open-thread.ts";
import type { SendResult, ThreadMessage } from "#lib/thread.ts";
import { eventLog } from "./events/choose.ts";
import { staleAfter } from "./live.ts";
import { beginOverdue } from "./overdue.ts";
import { editQueued, queueMessage, removeQueued, sendQueued } from "./queue.ts";
import { recoverRuns } from "./recover.ts";
import { startAgain, startTurn, type Turn } from "./start.ts";
import { stopRun } from "./stop.ts";
import { migrateWith } from "./testing/people.ts";
import { firstWords, watched } from "./testing/viewing.ts";

const alice: User = { id: "alice", name: "Alice", email: "alice@example.com", role: "member" };
const bob: User = { id: "bob", name: "Bob", email: "bob@example.com", role: "member" };

beforeAll(() => migrateWith(alice, bob));

const say = (text: string, more: Partial<Turn> = {}) => startTurn(alice, { operation: randomUUID(), text, ...more });

/** Everything that a viewer receives, as the numbers and the data of its events. */
async function watch(sent: SendResult, after = 0, user = alice): Promise<{ id: number; data: string }[]> {
  const stream = watched(await ownRun(user, sent.run), after);
  const text = await new Response(stream).text();
  expect(text.endsWith("data: [DONE]\n\n")).toBe(true);
  return [...text.matchAll(/^id: (\d+)\ndata: (.*)$/gm)].map(([, id, data]) => ({
    id: Number(id),
    data: String(data),
  }));
}

const thread = async (sent: SendResult, branch?: string) =>
  openThread(await ownConversation(alice, sent.conversation), { branch });

/** How many messages there are once nobody writes. */
const atRest = async (sent: SendResult) => {
  const { messages, run } = await thread(sent);
  return run ? undefined : messages.length;
};

const words = (message: ThreadMessage | undefined) =>
  (message?.parts ?? []).map((part) => (part.type === "text" ? part.text : "")).join("");

test("an agent remembers what was said a turn before", async () => {
  const first = await say("My name is Alice.");
  await watch(first);
  const second = await say("What's my name?", { conversation: first.conversation });
  await watch(second);
  const { messages } = await thread(first);
  expect(messages.map(({ role }) => role)).toEqual(["user", "assistant", "user", "assistant"]);
  expect(words(messages[3])).toContain("Alice");
});

test("every viewer sees the same events, whenever and from wherever they look", async () => {
  const sent = await say("Show me a table");
  const [live, second] = await Promise.all([watch(sent), watch(sent)]);
  expect(second).toEqual(live);
  expect(live.map(({ id }) => id)).toEqual(live.map((_, index) => index + 1));
  expect(await watch(sent)).toEqual(live);
  expect(await watch(sent, 5)).toEqual(live.slice(5));
  await eventLog().forget(Date.now() + 1);
  const drawn = await watch(sent);
  expect(drawn.at(0)?.data).toContain('"start"');
  expect(
    drawn
      .map(({ data }) => JSON.parse(data))
      .flatMap((chunk) => (chunk.type === "text-delta" ? chunk.delta : []))
      .join(""),
  ).toBe(words((await thread(sent)).messages[1]));
});

test("a turn that is sent twice happens once", async () => {
  const operation = randomUUID();
  const [first, second] = await Promise.all([say("Hello", { operation }), say("Hello", { operation })]);
  expect(second).toEqual(first);
  await watch(first);
  expect((await thread(first)).messages).toHaveLength(2);
  const again = { operation: randomUUID(), conversation: first.conversation, branch: first.branch, length: 2 };
  const third = await say("And again", again);
  await watch(third);
  expect(await say("And again", again)).toEqual(third);
  expect((await thread(first)).messages).toHaveLength(4);
});

test("a second message during an answer, and one from a tab that is behind, are refused and change nothing", async () => {
  const first = await say("Tell me about yourself");
  await expect(say("And now?", { conversation: first.conversation })).rejects.toThrow("still being written");
  await watch(first);
  const before = await thread(first);
  await expect(say("Late", { conversation: first.conversation, branch: first.branch, length: 1 })).rejects.toThrow(
    "moved on",
  );
  expect(await thread(first)).toEqual(before);
});

test("a stop keeps what was written, and the next message works", async () => {
  const sent = await say("Tell me about yourself");
  await firstWords(await ownRun(alice, sent.run));
  await stopRun(await ownRun(alice, sent.run));
  const events = await watch(sent);
  const shown = events
    .map(({ data }) => JSON.parse(data))
    .flatMap((chunk) => (chunk.type === "text-delta" ? chunk.delta : []))
    .join("");
  const { messages, run } = await thread(sent);
  expect(run).toBeNull();
  expect(messages[1]?.metadata?.status).toBe("stopped");
  expect(words(messages[1])).toBe(shown);
  expect(shown).not.toBe("");
  const next = await say("Hello again", { conversation: sent.conversation });
  await watch(next);
  expect((await thread(next)).messages).toHaveLength(4);
});

test("messages sent during an answer wait, can be changed, and are answered in order", async () => {
  const first = await say("Tell me about yourself");
  const place = { conversation: first.conversation, branch: first.branch };
  const wait = (text: string) => queueMessage(alice, { operation: randomUUID(), text, ...place });
  const [second, third, fourth] = [
    await wait("My name is Zoe"),
    await wait("Never mind"),
    await wait("What is my name?"),
  ];
  await editQueued(await ownQueuedMessage(alice, second.id), "My name is Wanda");
  await removeQueued(await ownQueuedMessage(alice, third.id));
  await expect(ownQueuedMessage(bob, fourth.id)).rejects.toThrow("no such waiting message");
  expect((await thread(first)).queue.map(({ text }) => text)).toEqual(["My name is Wanda", "What is my name?"]);
  await expect.poll(() => atRest(first)).toBe(6);
  const { messages, queue } = await thread(first);
  expect(queue).toEqual([]);
  expect(messages.map((message) => (message.role === "user" ? words(message) : "-"))).toEqual([
    "Tell me about yourself",
    "-",
    "My name is Wanda",
    "-",
    "What is my name?",
    "-",
  ]);
  expect(words(messages[5])).toContain("Wanda");
});

test("a waiting message with what no database keeps is sent without it", async () => {
  const first = await say("Tell me about yourself");
  const place = { conversation: first.conversation, branch: first.branch };
  await queueMessage(alice, { operation: randomUUID(), text: "Hello\0 \ud800 again", ...place });
  await expect.poll(() => atRest(first)).toBe(4);
  expect(words((await thread(first)).messages[2])).toBe("Hello \ufffd again");
});

test("a waiting message that is sent twice happens once, also when it has been answered in between", async () => {
  const first = await say("Tell me about yourself");
  const place = { conversation: first.conversation, branch: first.branch };
  const message = { operation: randomUUID(), text: "My name is Zoe", ...place };
  await queueMessage(alice, message);
  await queueMessage(alice, message);
  expect((await thread(first)).queue).toHaveLength(1);
  await watch(first);
  await expect.poll(() => ownRun(alice, message.operation).catch(() => undefined)).toBeDefined();
  await watch({ ...first, run: message.operation });
  await queueMessage(alice, message);
  const last = await queueMessage(alice, { operation: randomUUID(), text: "What is my name?", ...place });
  await watch({ ...first, run: last.id });
  expect((await thread(first)).messages).toHaveLength(6);
  const other = await startTurn(bob, { operation: randomUUID(), text: "Hi" });
  await expect(queueMessage(alice, { ...message, operation: other.run })).rejects.toThrow("id is taken");
});

test("after a stop the waiting messages wait for the person", async () => {
  const first = await say("Tell me about yourself");
  const place = { conversation: first.conversation, branch: first.branch };
  const waiting = await queueMessage(alice, { operation: randomUUID(), text: "Hello", ...place });
  await stopRun(await ownRun(alice, first.run));
  await watch(first);
  expect((await thread(first)).queue.map(({ id }) => id)).toEqual([waiting.id]);
  await sendQueued(await ownConversation(alice, first.conversation), first.branch);
  await watch({ ...first, run: waiting.id });
  const { messages, queue } = await thread(first);
  expect(queue).toEqual([]);
  expect(messages).toHaveLength(4);
});

test("a change of a waiting message that comes second or too late is refused with the reason", async () => {
  const first = await say("Tell me about yourself");
  const place = { conversation: first.conversation, branch: first.branch };
  const { id } = await queueMessage(alice, { operation: randomUUID(), text: "Apples", ...place });
  await stopRun(await ownRun(alice, first.run));
  await watch(first);
  const seen = await ownQueuedMessage(alice, id);
  expect(await editQueued(seen, "Pears", "Apples")).toMatchObject({ id, text: "Pears" });
  await expect(editQueued(await ownQueuedMessage(alice, id), "Plums", "Apples")).rejects.toThrow("in another tab");
  await expect(editQueued(seen, "Plums", "Apples")).rejects.toThrow("in another tab");
  await sendQueued(await ownConversation(alice, first.conversation), first.branch);
  await expect(editQueued(seen, "Plums", "Apples")).rejects.toThrow("has just been sent");
  await expect(removeQueued(seen)).rejects.toThrow("has just been sent");
  await watch({ ...first, run: id });
  expect(words((await thread(first)).messages.findLast(({ role }) => role === "user"))).toBe("Pears");
});

test("a hand-off is in the thread and stays in force; a switch by hand does too", async () => {
  const sent = await say("I was charged twice this month", { namespace: "support" });
  await watch(sent);
  const handed = await thread(sent);
  expect(handed.messages[1]?.parts.find((part) => part.type === "data-handoff")).toMatchObject({
    data: { from: "triage", to: "billing" },
  });
  expect(handed.branch.agent).toBe("billing");
  await switchAgent(await ownConversation(alice, sent.conversation), sent.branch, "travel");
  const next = await say("What did I say first?", { conversation: sent.conversation });
  await watch(next);
  const { messages, branch } = await thread(next);
  expect(branch.agent).toBe("travel");
  expect(messages[3]?.metadata?.agent).toBe("travel");
  expect(words(messages[3])).toContain("charged twice");
});

test("an edit and another try are versions beside the first, and nothing is lost", async () => {
  const first = await say("My name is Alice.");
  await watch(first);
  const edited = await say("My name is Carol.", { conversation: first.conversation, branch: first.branch, at: 0 });
  await watch(edited);
  const again = await startAgain(alice, {
    operation: randomUUID(),
    conversation: first.conversation,
    branch: edited.branch,
    position: 1,
  });
  await watch(again);
  const now = await thread(first);
  expect(now.branch.id).toBe(again.branch);
  expect(now.messages[0]?.metadata?.versions).toMatchObject({ index: 1, count: 2, previous: first.branch });
  expect(now.messages[1]?.metadata?.versions).toMatchObject({ index: 1, count: 2, previous: edited.branch });
  expect(words((await thread(first, first.branch)).messages[0])).toBe("My name is Alice.");
  await makeCurrent(await ownConversation(alice, first.conversation), first.branch);
  expect((await thread(first)).branch.id).toBe(first.branch);
  const side = await branchFrom(await ownConversation(alice, first.conversation), {
    branch: first.branch,
    position: 1,
  });
  expect((await thread(first)).branch).toMatchObject({ id: side, length: 1 });
});

/** A run of a process that died in the middle of a word, and the conversation in which it is the last one. */
async function deadRun() {
  const sent = await say("Tell me about yourself");
  await firstWords(await ownRun(alice, sent.run));
  await eventLog().flush();
  const dead = { ...sent, run: randomUUID() };
  await stopRun(await ownRun(alice, sent.run));
  await watch(sent);
  const { branch } = await thread(sent);
  await database()
    .insert(runs)
    .values({
      id: dead.run,
      conversationId: sent.conversation,
      branchId: sent.branch,
      userId: alice.id,
      status: "running",
      agent: "assistant",
      position: branch.length,
      heartbeatAt: Date.now() - staleAfter - 1,
    });
  await logged(dead.run, 1, [
    { type: "start", messageId: dead.run },
    { type: "text-start", id: "text-1" },
    { type: "text-delta", id: "text-1", delta: "Half a sen" },
  ]);
  return { sent, dead };
}

/** What a process has written of a run, from event `first` on. */
const logged = (run: string, first: number, chunks: object[]) =>
  client().execute({
    sql: "INSERT INTO run_events VALUES (?, ?, ?, ?)",
    args: [run, first, JSON.stringify(chunks), Date.now()],
  });

test("a run whose process died is ended with what it wrote, and its stream ends too", async () => {
  const { sent, dead } = await deadRun();
  await recoverRuns();
  const { messages } = await thread(sent);
  expect(words(messages.at(-1))).toBe("Half a sen");
  expect(messages.at(-1)?.metadata?.status).toBe("interrupted");
  const events = await watch(dead);
  expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
  expect(JSON.parse(events.at(-1)?.data ?? "{}")).toMatchObject({
    type: "finish",
    messageMetadata: { status: "interrupted" },
  });
  await recoverRuns();
  expect((await thread(sent)).messages).toHaveLength(messages.length);
});

test("who was shown words of a process that was taken for dead sees in the end what was kept", async () => {
  const { dead } = await deadRun();
  const lost = ["tence", ", and more"].map((delta) => ({ type: "text-delta", id: "text-1", delta }));
  const decoder = new TextDecoder();
  let text = "";
  const next = [
    // It lives, and goes on while another process ends its run,
    { at: "Half a sen", write: () => logged(dead.run, 4, lost) },
    // which had seen three events when it wrote these.
    {
      at: "and more",
      write: async () => {
        const end = { type: "finish", messageMetadata: { status: "interrupted" } };
        await logged(dead.run, 4, [{ type: "text-end", id: "text-1" }, { type: "start", messageId: dead.run }, end]);
        await database()
          .update(runs)
          .set({ status: "interrupted", finishedAt: Date.now() })
          .where(eq(runs.id, dead.run));
      },
    },
  ];
  for await (const bytes of watched(await ownRun(alice, dead.run))) {
    text += decoder.decode(bytes, { stream: true });
    if (next[0] && text.includes(next[0].at)) await next.shift()?.write();
  }
  expect(next).toEqual([]);
  const shown = text.slice(text.lastIndexOf('"type":"start"'));
  expect(shown).toContain('"interrupted"');
  expect(shown).not.toContain("tence");
  // Nor does it come back when that process goes on.
  await logged(dead.run, 4, lost);
  const late = (await watch(dead)).map(({ data }) => data);
  const anew = late.slice(late.findLastIndex((data) => data.includes('"type":"start"'))).join("");
  expect(anew).toContain('"interrupted"');
  expect(anew).not.toContain("tence");
});

test("a run whose beginning had to wait to be written lives from then on", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - 2 * staleAfter });
  const sent = await say("Tell me about yourself");
  vi.useRealTimers();
  const { heartbeatAt } = await ownRun(alice, sent.run);
  expect(heartbeatAt).toBeGreaterThan(Date.now() - staleAfter);
  await stopRun(await ownRun(alice, sent.run));
  await watch(sent);
});

test("a message whose process died before it could begin is answered all the same", async () => {
  const first = await say("Hello");
  await watch(first);
  const id = randomUUID();
  await database().insert(queuedMessages).values({
    id,
    conversationId: first.conversation,
    branchId: first.branch,
    userId: alice.id,
    text: "And what did I say first?",
    createdAt: Date.now(),
  });
  await beginOverdue(Date.now() - staleAfter);
  expect((await thread(first)).queue.map((message) => message.id)).toEqual([id]);
  await beginOverdue(Date.now() + 1);
  await watch({ ...first, run: id });
  await beginOverdue(Date.now() + 1);
  const { messages, queue } = await thread(first);
  expect(queue).toEqual([]);
  expect(messages).toHaveLength(4);
});

test("bad input is refused with a sentence and writes nothing", async () => {
  const count = async () => (await database().select().from(runs)).length;
  const before = await count();
  await expect(say("  \n ")).rejects.toThrow("The message is empty");
  await expect(say("x".repeat(200_000))).rejects.toThrow("200,000 characters");
  await expect(say("Hello", { agent: "nobody" })).rejects.toThrow('no agent "nobody"');
  await expect(say("Hello", { namespace: "nowhere" })).rejects.toThrow("no such namespace");
  await expect(say("Hello", { conversation: "missing" })).rejects.toThrow("no such conversation");
  expect(await count()).toBe(before);
});

test("somebody else's conversation and run are not found", async () => {
  const sent = await say("Hello");
  await watch(sent);
  await expect(ownRun(bob, sent.run)).rejects.toThrow("no such run");
  await expect(
    startTurn(bob, { operation: randomUUID(), text: "Hi", conversation: sent.conversation }),
  ).rejects.toThrow("no such conversation");
  await expect(
    startAgain(bob, { operation: randomUUID(), conversation: sent.conversation, branch: sent.branch, position: 1 }),
  ).rejects.toThrow("no such conversation");
  const [run] = await database().select().from(runs).where(eq(runs.id, sent.run));
  await expect(startTurn(bob, { operation: run?.id ?? "", text: "Hi" })).rejects.toThrow("id is taken");
});
