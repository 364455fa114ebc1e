import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { client, database } from "#db/client.ts";
import { runs } from "#db/schema.ts";
import { ownConversation, ownRun, type User } from "#lib/access.ts";
import { branchFrom } from "#lib/branches.ts";
import { listConversations } from "#lib/conversation-rows.ts";
import { history } from "#lib/history.ts";
import { openThread } from "#lib/open-thread.ts";
import { lineage } from "#lib/sessions/segments.ts";
import type { SendResult, ThreadMessage } from "#lib/thread.ts";
import { decide } from "./decide.ts";
import { eventLog } from "./events/choose.ts";
import { queueMessage } from "./queue.ts";
import { recoverRuns } from "./recover.ts";
import { startTurn } from "./start.ts";
import { stopRun } from "./stop.ts";
import { migrateWith } from "./testing/people.ts";
import { watched } from "./testing/viewing.ts";

const alice: User = { id: "alice", name: "Alice", email: "alice@example.com", role: "member" };
const bob: User = { id: "bob", name: "Bob", email: "bob@example.com", role: "member" };

beforeAll(() => migrateWith(alice, bob));

interface Received {
  id: number;
  chunk: { type: string; toolCallId?: string; approved?: boolean; messageMetadata?: { status?: string } };
}

/** Everything that a viewer receives until the stream ends. */
async function watch({ run }: Pick<SendResult, "run">, after = 0): Promise<Received[]> {
  const stream = watched(await ownRun(alice, run), after);
  const text = await new Response(stream).text();
  expect(text.endsWith("data: [DONE]\n\n")).toBe(true);
  return [...text.matchAll(/^id: (\d+)\ndata: (.*)$/gm)].map(([, id, data]) => ({
    id: Number(id),
    chunk: JSON.parse(String(data)),
  }));
}

const types = (received: Received[]) => received.map(({ chunk }) => chunk.type);
const numbered = (received: Received[]) => received.map(({ id }) => id);
const statusOf = async ({ run }: Pick<SendResult, "run">) => (await ownRun(alice, run)).status;
const ask = () => startTurn(alice, { operation: randomUUID(), text: "Refund charge ch_1043", agent: "billing" });
const thread = async (sent: SendResult, branch?: string) =>
  openThread(await ownConversation(alice, sent.conversation), { branch });
const toolIn = (message: ThreadMessage | undefined) => message?.parts.find((part) => part.type === "dynamic-tool");
const words = (message: ThreadMessage | undefined) =>
  (message?.parts ?? []).map((part) => (part.type === "text" ? part.text : "")).join("");

/** An answer that waits for the person, and the call that it waits with. */
async function waiting(): Promise<{ sent: SendResult; call: string; events: Received[] }> {
  const sent = await ask();
  const events = await watch(sent);
  expect(await statusOf(sent)).toBe("waiting");
  const call = events.find(({ chunk }) => chunk.type === "tool-approval-request")?.chunk.toolCallId;
  if (!call) throw new Error("nobody asked for an approval");
  return { sent, call, events };
}

async function itemsOf(sent: SendResult) {
  const state = await history().load(sent.conversation);
  if (!state) throw new Error("no history");
  return (await history().read(sent.conversation, lineage(state, sent.branch))).map(({ item }) => item);
}

const resultsOf = async (sent: SendResult) =>
  (await itemsOf(sent)).filter((item) => item.type === "function_call_result");

test("a tool that needs an approval makes the run wait, for whoever looks and whenever", async () => {
  const { sent, call, events } = await waiting();
  expect(numbered(events)).toEqual(events.map((_, index) => index + 1));
  expect(events.at(-1)?.chunk).toMatchObject({ type: "message-metadata", messageMetadata: { status: "waiting" } });
  expect(await watch(sent)).toEqual(events);
  expect(await watch(sent, 2)).toEqual(events.slice(2));
  const { run, messages } = await thread(sent);
  expect(run).toMatchObject({ id: sent.run, waiting: true });
  expect(messages[1]?.metadata?.status).toBe("waiting");
  expect(toolIn(messages[1])).toMatchObject({
    toolName: "issue_refund",
    state: "approval-requested",
    toolCallId: call,
  });
  const { rows } = await listConversations(alice);
  expect(rows.find(({ id }) => id === sent.conversation)?.status).toBe("waiting");
});

test("approved, the tool runs and the answer goes on in the same stream", async () => {
  const { sent, call, events } = await waiting();
  expect(await decide(alice, { run: sent.run, call, approved: true })).toEqual({ goesOn: true });
  const all = await watch(sent);
  expect(all.slice(0, events.length)).toEqual(events);
  expect(numbered(all)).toEqual(all.map((_, index) => index + 1));
  expect(types(all.slice(events.length))).toEqual(
    expect.arrayContaining(["tool-approval-response", "tool-output-available", "text-delta", "finish"]),
  );
  expect(await statusOf(sent)).toBe("completed");
  const { messages, run } = await thread(sent);
  expect(run).toBeNull();
  expect(toolIn(messages[1])).toMatchObject({ state: "output-available" });
  expect(words(messages[1])).toContain("12.00 EUR");
  expect(await resultsOf(sent)).toHaveLength(1);
});

test("rejected, the tool does not run, and the agent is told", async () => {
  const { sent, call } = await waiting();
  await decide(alice, { run: sent.run, call, approved: false });
  expect(types(await watch(sent))).toEqual(expect.arrayContaining(["tool-output-denied", "finish"]));
  const { messages } = await thread(sent);
  expect(toolIn(messages[1])).toMatchObject({ state: "output-denied" });
  expect(words(messages[1])).toContain("You rejected");
  expect(JSON.stringify(await resultsOf(sent))).not.toContain("rf_1043");
});

test("of many decisions at once one counts, and the others are told", async () => {
  const { sent, call } = await waiting();
  const tries = Array.from({ length: 6 }, (_, index) =>
    decide(alice, { run: sent.run, call, approved: index % 2 === 0 }),
  );
  const outcomes = await Promise.allSettled(tries);
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  for (const outcome of outcomes) {
    if (outcome.status === "rejected") expect(String(outcome.reason)).toMatch(/already, in another tab/);
  }
  await watch(sent);
  expect(await statusOf(sent)).toBe("completed");
  expect(await resultsOf(sent)).toHaveLength(1);
  await expect(decide(alice, { run: sent.run, call, approved: true })).rejects.toThrow("already");
});

test("somebody else's call, and one that nobody asked about, are not found", async () => {
  const { sent, call } = await waiting();
  await expect(decide(bob, { run: sent.run, call, approved: true })).rejects.toThrow("no such run");
  await expect(decide(alice, { run: sent.run, call: "call_0", approved: true })).rejects.toThrow("no such tool call");
  expect(await statusOf(sent)).toBe("waiting");
});

test("a stop cancels what waits, and the next message works", async () => {
  const { sent, call } = await waiting();
  const run = await ownRun(alice, sent.run);
  await Promise.all([stopRun(run), stopRun(run)]);
  const events = await watch(sent);
  expect(types(events).filter((type) => type === "finish")).toHaveLength(1);
  expect(await statusOf(sent)).toBe("stopped");
  expect(toolIn((await thread(sent)).messages[1])).toMatchObject({ state: "output-error" });
  await expect(decide(alice, { run: sent.run, call, approved: true })).rejects.toThrow("was stopped");
  const next = await startTurn(alice, { operation: randomUUID(), text: "Hello", conversation: sent.conversation });
  await watch(next);
  expect(await statusOf(next)).toBe("completed");
});

test("a stop while it comes to rest ends it all the same", async () => {
  for (const mark of ['"start"', '"tool-input-available"', '"tool-approval-request"']) {
    const sent = await ask();
    const reader = watched(await ownRun(alice, sent.run)).getReader();
    const decoder = new TextDecoder();
    for (let text = ""; !text.includes(mark); ) text += decoder.decode((await reader.read()).value);
    await stopRun(await ownRun(alice, sent.run));
    await reader.cancel();
    await expect.poll(() => statusOf(sent)).toBe("stopped");
    expect(types(await watch(sent)).filter((type) => type === "finish")).toHaveLength(1);
  }
});

test("a stop that is only marked in the database is found before it comes to rest", async () => {
  const sent = await ask();
  await database().update(runs).set({ stopRequestedAt: Date.now() }).where(eq(runs.id, sent.run));
  await expect.poll(() => statusOf(sent)).toBe("stopped");
  const events = await watch(sent);
  expect(types(events)).toEqual(expect.arrayContaining(["tool-output-error", "abort", "finish"]));
  expect(toolIn((await thread(sent)).messages[1])).toMatchObject({ state: "output-error" });
});

test("a stop and an approval at the same moment leave one outcome", async () => {
  for (let round = 0; round < 5; round += 1) {
    const { sent, call } = await waiting();
    const run = await ownRun(alice, sent.run);
    const both = [() => decide(alice, { run: sent.run, call, approved: true }), () => stopRun(run)];
    await Promise.allSettled((round % 2 ? both : both.toReversed()).map((act) => act()));
    await expect.poll(() => statusOf(sent)).toMatch(/^(stopped|completed)$/);
    const events = await watch(sent);
    expect(types(events).filter((type) => type === "finish")).toHaveLength(1);
    expect(numbered(events)).toEqual(events.map((_, index) => index + 1));
    expect(await resultsOf(sent)).toHaveLength(1);
  }
});

test("a message that is sent meanwhile waits, and is answered afterwards", async () => {
  const { sent, call } = await waiting();
  const place = { conversation: sent.conversation, branch: sent.branch };
  const next = await queueMessage(alice, { operation: randomUUID(), text: "My name is Zoe", ...place });
  await expect(startTurn(alice, { operation: randomUUID(), text: "And?", ...place })).rejects.toThrow("being written");
  expect((await thread(sent)).queue.map(({ id }) => id)).toEqual([next.id]);
  await decide(alice, { run: sent.run, call, approved: true });
  const openMessages = async () => {
    const { messages, run } = await thread(sent);
    return { count: messages.length, run };
  };
  await expect.poll(openMessages).toEqual({ count: 4, run: null });
});

test("it waits through everything: no recovery ends it, and a forgotten stream is drawn again", async () => {
  const { sent, call, events } = await waiting();
  await recoverRuns(Date.now() + 1_000_000);
  expect(await statusOf(sent)).toBe("waiting");
  await eventLog().forget(Date.now() + 1);
  expect(await watch(sent)).toEqual(events);
  await client().execute({ sql: "DELETE FROM run_events WHERE run = ?", args: [sent.run] });
  const drawn = await watch(sent);
  expect(drawn.at(-1)?.chunk).toMatchObject({ messageMetadata: { status: "waiting" } });
  expect(types(drawn)).toContain("tool-approval-request");
  await decide(alice, { run: sent.run, call, approved: true });
  const all = await watch(sent);
  expect(all[0]?.chunk.type).toBe("start");
  expect(numbered(all)).toEqual(all.map((_, index) => index + 1));
  expect(types(all)).toEqual(expect.arrayContaining(["tool-input-available", "tool-output-available", "finish"]));
  expect(await statusOf(sent)).toBe("completed");
});

test("a process that dies right after an approval: the call is settled, and is not made by itself", async () => {
  const { sent, call } = await waiting();
  await database()
    .update(runs)
    .set({ status: "running", approvals: [{ call, decision: "approved" }], heartbeatAt: 1 })
    .where(eq(runs.id, sent.run));
  await recoverRuns();
  expect(await statusOf(sent)).toBe("interrupted");
  expect(toolIn((await thread(sent)).messages[1])).toMatchObject({ state: "output-error" });
  expect(JSON.stringify(await resultsOf(sent))).not.toContain("rf_1043");
  await expect(decide(alice, { run: sent.run, call, approved: true })).rejects.toThrow("already");
});

test("on another branch the call does not wait", async () => {
  const { sent, call } = await waiting();
  const { branch } = await thread(sent);
  const side = await branchFrom(await ownConversation(alice, sent.conversation), {
    branch: sent.branch,
    position: branch.length,
  });
  const there = await thread(sent, side);
  expect(there.run).toBeNull();
  expect(toolIn(there.messages[1])).toMatchObject({
    state: "output-error",
    errorText: "It went on in another branch.",
  });
  const aside = await startTurn(alice, { operation: randomUUID(), text: "Hello", conversation: sent.conversation });
  await watch(aside);
  expect(await statusOf(aside)).toBe("completed");
  await decide(alice, { run: sent.run, call, approved: true });
  await watch(sent);
  expect((await thread(sent, sent.branch)).messages).toHaveLength(2);
});
