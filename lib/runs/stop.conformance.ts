import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { client, database } from "#db/client.ts";
import { migrate } from "#db/migrate.ts";
import { migrateSessions } from "#db/migrations/sessions.ts";
import { namespaces, runs, users } from "#db/schema.ts";
import { ownRun, type User } from "#lib/access.ts";
import { startingNamespaces } from "#lib/namespaces.ts";
import { redis } from "#lib/redis.ts";
import { type Server, startRedis } from "#lib/sessions/testing/servers.ts";
import type { SendResult } from "#lib/thread.ts";
import { begin, end, liveRuns, stopReason } from "./live.ts";
import { startTurn } from "./start.ts";
import { hearStopsHere, stopRun } from "./stop.ts";
import { watched } from "./testing/viewing.ts";

/** Stops of runs that another process executes: with a real Redis, and without it. */

const alice: User = { id: "alice", name: "Alice", email: null, role: "member" };
let server: Server;
/** Another process, as far as Redis can tell. */
let elsewhere: Redis;

beforeAll(async () => {
  server = await startRedis();
  const { env } = await import("#env.ts");
  env.REDIS_URL = server.url;
  elsewhere = new Redis(server.url).on("error", () => {});
  await migrate(client());
  await migrateSessions(client());
  await database().insert(users).values(alice);
  await database().insert(namespaces).values(startingNamespaces(alice.id));
  hearStopsHere();
  await vi.waitUntil(async () => (await listening()) > 0, { timeout: 20_000 });
});

afterAll(async () => {
  for (const connection of [elsewhere, ...Object.values(redis() ?? {})]) connection.disconnect();
  await server.stop();
});

const channel = "switchboard:stop";

async function listening(): Promise<number> {
  const [, count] = (await elsewhere.pubsub("NUMSUB", channel)) as [string, number];
  return count;
}

/** A long answer that is being written in this process. */
async function answering(): Promise<SendResult> {
  const sent = await startTurn(alice, { operation: randomUUID(), text: "Tell me about yourself" });
  expect(liveRuns()).toContain(sent.run);
  return sent;
}

/** How the run ended, once it has. */
async function ended(sent: SendResult) {
  const stream = watched(await ownRun(alice, sent.run));
  const events = await new Response(stream).text();
  const { status, stopRequestedAt } = await ownRun(alice, sent.run);
  return { status, marked: stopRequestedAt !== null, finishes: events.split('"type":"finish"').length - 1 };
}

/** A run as another process executes it. */
async function runElsewhere(): Promise<string> {
  const id = randomUUID();
  await database().insert(runs).values({
    id,
    conversationId: id,
    branchId: id,
    userId: alice.id,
    status: "running",
    agent: "assistant",
    position: 1,
    heartbeatAt: Date.now(),
  });
  return id;
}

test("a word from another process ends a run at once, before any mark in the database", async () => {
  const sent = await answering();
  await elsewhere.publish(channel, sent.run);
  expect(await ended(sent)).toEqual({ status: "stopped", marked: false, finishes: 1 });
});

test("a stop of a run that is executed elsewhere is marked, then said", async () => {
  const subscriber = new Redis(server.url);
  const heard: string[] = [];
  await subscriber.subscribe(channel);
  subscriber.on("message", (_channel, run) => heard.push(run));
  const run = await runElsewhere();
  await stopRun(await ownRun(alice, run));
  await expect.poll(() => heard).toEqual([run]);
  expect((await ownRun(alice, run)).stopRequestedAt).not.toBeNull();
  await database().update(runs).set({ status: "completed" }).where(eq(runs.id, run));
  await stopRun({ ...(await ownRun(alice, run)), status: "running" });
  await elsewhere.publish(channel, "the last word");
  await expect.poll(() => heard).toContain("the last word");
  expect(heard).toEqual([run, "the last word"]);
  subscriber.disconnect();
});

test("a word about a run of nobody here does nothing", async () => {
  const sent = await answering();
  await elsewhere.publish(channel, randomUUID());
  expect(await ended(sent)).toMatchObject({ status: "completed" });
});

/** Resolves when the run has streamed this. */
async function shown(sent: SendResult, mark: string): Promise<void> {
  const reader = watched(await ownRun(alice, sent.run)).getReader();
  for (let text = ""; !text.includes(mark); ) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`the run ended without ${mark}`);
    text += new TextDecoder().decode(value);
  }
  await reader.cancel();
}

test("stops from everywhere at once, in the middle and around the end, leave one outcome", async () => {
  for (const mark of ['"start"', '"text-delta"', '"text-end"']) {
    const sent = await answering();
    await shown(sent, mark);
    const run = await ownRun(alice, sent.run);
    await Promise.all([stopRun(run), elsewhere.publish(channel, sent.run), stopRun(run), stopRun(run)]);
    const outcome = await ended(sent);
    expect(outcome.finishes).toBe(1);
    expect(["stopped", "completed"]).toContain(outcome.status);
    const next = await startTurn(alice, { operation: randomUUID(), text: "Hello", conversation: sent.conversation });
    expect(await ended(next)).toMatchObject({ status: "completed", finishes: 1 });
  }
});

test("a stop and a send at the same moment: the message is refused or answered, never lost in between", async () => {
  const sent = await answering();
  await shown(sent, '"text-delta"');
  const operation = randomUUID();
  const message = { operation, text: "Hello again", conversation: sent.conversation };
  const [, next] = await Promise.allSettled([stopRun(await ownRun(alice, sent.run)), startTurn(alice, message)]);
  expect(await ended(sent)).toMatchObject({ status: "stopped", finishes: 1 });
  if (next.status === "rejected") {
    expect(String(next.reason)).toContain("still being written");
    expect(await ended(await startTurn(alice, message))).toMatchObject({ status: "completed" });
  } else {
    expect(await ended(next.value)).toMatchObject({ status: "completed" });
  }
});

test("without Redis a stop is marked all the same, and heard at the next heartbeat", async () => {
  await server.stop();
  const run = await runElsewhere();
  await stopRun(await ownRun(alice, run));
  expect((await ownRun(alice, run)).stopRequestedAt).not.toBeNull();

  const signal = begin(run);
  await expect.poll(() => signal.aborted, { timeout: 10_000 }).toBe(true);
  expect(signal.reason).toBe(stopReason);
  end(run, signal);
});
