import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Server, startRedis, startSqld } from "#lib/sessions/testing/servers.ts";
import type { SendResult } from "#lib/thread.ts";
import { Instance, Refused } from "./testing/instances.ts";

/** Runs that wait, and stops, over whole processes on one real database server and one real Redis. */

const folder = mkdtempSync(join(tmpdir(), "switchboard-approvals-"));
const alice = "alice";
let servers: Server[];
let environment: NodeJS.ProcessEnv;
let redis: Redis;
let here: Instance;
let there: Instance;

beforeAll(async () => {
  const [database, line] = await Promise.all([startSqld(), startRedis()]);
  servers = [database, line];
  redis = new Redis(line.url);
  environment = {
    ...process.env,
    DATABASE_URL: database.url,
    DATA_DIR: folder,
    REDIS_URL: line.url,
    OPENAI_BASE_URL: "",
    OPENAI_API_KEY: "",
    AUTH_SECRET: "a secret of sixteen letters",
    LOG_LEVEL: "fatal",
  };
  [here, there] = [new Instance(environment), new Instance(environment)];
  await here.ask("prepare", alice);
  await here.ask("join", alice);
  await Promise.all([here.ask("hear", alice), there.ask("hear", alice)]);
});

afterAll(async () => {
  await Promise.all([here.kill(), there.kill()]);
  redis.disconnect();
  await Promise.all(servers.map((server) => server.stop()));
  rmSync(folder, { recursive: true, force: true });
});

/** What an instance streams of a run until it ends or waits, as numbers and types. */
async function watch(instance: Instance, { run }: SendResult) {
  const text = await (await instance.watch(alice, run, 0)).text();
  expect(text).toMatch(/data: \[DONE\]\n\n$/);
  const events = [...text.matchAll(/^id: (\d+)\ndata: (.*)$/gm)].map(([, id, data]) => ({
    id: Number(id),
    chunk: JSON.parse(String(data)),
  }));
  expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
  return events.map(({ chunk }) => chunk);
}

/** An answer that was begun by this instance and waits for the person. */
async function waiting(instance: Instance) {
  const turn = { operation: crypto.randomUUID(), text: "Refund charge ch_1043", agent: "billing" };
  const sent = await instance.ask("send", alice, turn);
  const chunks = await watch(instance, sent);
  const call = String(chunks.find(({ type }) => type === "tool-approval-request")?.toolCallId);
  return { sent, call, chunks, decision: { run: sent.run, call, approved: true } };
}

const statusOf = async (instance: Instance, { conversation, run }: SendResult) =>
  (await instance.ask("stored", alice, { conversation })).runs.find(({ id }) => id === run)?.status;

const resultsOf = async (instance: Instance, { conversation }: SendResult) =>
  (await instance.ask("stored", alice, { conversation })).items.filter(({ item }) =>
    String(item).includes('"function_call_result"'),
  );

test("approved through another instance, in the same stream, for viewers of both", async () => {
  const turn = { operation: crypto.randomUUID(), text: "Refund charge ch_1043", agent: "billing" };
  const sent = await here.ask("send", alice, turn);
  const [chunks, same] = await Promise.all([watch(here, sent), watch(there, sent)]);
  expect(same).toEqual(chunks);
  const call = String(chunks.find(({ type }) => type === "tool-approval-request")?.toolCallId);
  const decision = { run: sent.run, call, approved: true };
  await there.ask("decide", alice, decision);
  const [one, other] = await Promise.all([watch(here, sent), watch(there, sent)]);
  expect(one).toEqual(other);
  expect(one.slice(0, chunks.length)).toEqual(chunks);
  expect(one.at(-1)).toMatchObject({ type: "finish", messageMetadata: { status: "completed" } });
});

test("approved through both at once, the call is made once", async () => {
  for (let round = 0; round < 5; round += 1) {
    const { sent, decision } = await waiting(round % 2 ? here : there);
    const outcomes = await Promise.allSettled([
      here.ask("decide", alice, decision),
      there.ask("decide", alice, decision),
    ]);
    const refused = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
    expect(refused).toHaveLength(1);
    expect(refused[0]).toBeInstanceOf(Refused);
    expect(refused[0]).toMatchObject({ code: "conflict" });
    await watch(here, sent);
    await expect.poll(() => statusOf(here, sent)).toBe("completed");
    expect(await resultsOf(there, sent)).toHaveLength(1);
  }
});

test("the instance that began it is gone, and its events are forgotten: it waits, and goes on elsewhere", async () => {
  const doomed = new Instance(environment);
  const { sent, decision } = await waiting(doomed);
  await doomed.kill();
  await redis.flushall();
  await here.ask("recover", alice, { silentSince: Date.now() + 1_000_000 });
  expect(await statusOf(here, sent)).toBe("waiting");
  expect((await watch(here, sent)).at(-1)).toMatchObject({ messageMetadata: { status: "waiting" } });
  await there.ask("decide", alice, decision);
  const chunks = await watch(here, sent);
  expect(chunks.map(({ type }) => type)).toEqual(
    expect.arrayContaining(["start", "tool-input-available", "tool-output-available", "text-delta", "finish"]),
  );
  expect(await resultsOf(here, sent)).toHaveLength(1);
});

test("a run that waits is stopped through another instance", async () => {
  const { sent, decision } = await waiting(here);
  await there.ask("stop", alice, { run: sent.run });
  expect((await watch(here, sent)).map(({ type }) => type)).toEqual(
    expect.arrayContaining(["tool-output-error", "abort", "finish"]),
  );
  await expect(here.ask("decide", alice, decision)).rejects.toMatchObject({ code: "conflict" });
});

test("a stop through another instance is heard without a heartbeat", async () => {
  const turn = { operation: crypto.randomUUID(), text: "Tell me about yourself" };
  const sent = await here.ask("send", alice, turn);
  await there.ask("stop", alice, { run: sent.run });
  // By the next heartbeat the whole answer would have been there.
  const chunks = await watch(there, sent);
  expect(chunks.at(-1)).toMatchObject({ type: "finish", messageMetadata: { status: "stopped" } });
});
