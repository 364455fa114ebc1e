import { setTimeout as pause } from "node:timers/promises";
import { test as base, expect } from "@playwright/test";
import { Redis } from "ioredis";
import { authSecret, cookieOf, createPerson } from "./people.ts";
import { startBalancer } from "./proxies.ts";
import { type Server, startServer } from "./server.ts";
import { redisService, type Service, sqldService } from "./services.ts";
import { isAnswer, isCall, isResult, itemsOf, say, sayAgain, type Turn, trySay, wordsOf } from "./turns.ts";
import { Viewer } from "./viewer.ts";
import { Visitor } from "./visitor.ts";
import { storyOf, tellStories, WildModel } from "./wild-model.ts";

/** Two processes, one libSQL server, one Redis, and in front of them a balancer that knows nobody. */

interface Pair {
  one: Server;
  other: Server;
  /** Where each request goes to the next of the two. */
  url: string;
  redis: Service;
  sqld: Service;
  cookies: string;
  /** What redis-cli would be used for. */
  commands: Redis;
}

const test = base.extend<object, { pair: Pair }>({
  pair: [
    async ({}, use) => {
      const model = new WildModel();
      const [redis, sqld] = await Promise.all([redisService(), sqldService()]);
      await Promise.all([model.start(), redis.start(), sqld.start()]);
      tellStories(model, 35);
      tellStories(model, 0, "Tell more");
      const environment = {
        ...{ DATABASE_URL: sqld.url, REDIS_URL: redis.url, AUTH_SECRET: authSecret },
        ...{ OPENAI_BASE_URL: model.url, OPENAI_API_KEY: "test-key", OPENAI_MODEL: "wild" },
      };
      // Both at once, on a database that has no tables yet.
      const [one, other] = await Promise.all([startServer(environment), startServer(environment)]);
      const balancer = await startBalancer([one.url, other.url]);
      const cookies = await cookieOf(await createPerson(sqld.url, "Alice"));
      const commands = new Redis(redis.url, { maxRetriesPerRequest: null }).on("error", () => {});
      await use({ one, other, url: balancer.url, redis, sqld, cookies, commands });
      commands.disconnect();
      await balancer.stop();
      await Promise.all([one.stop(), other.stop()]);
      await Promise.all([model.stop(), redis.stop(), sqld.stop()]);
    },
    { scope: "worker", timeout: 90_000 },
  ],
});

test.describe.configure({ mode: "default", timeout: 60_000 });

const begin = (server: { url: string }, { cookies }: Pair, name: string): Promise<Turn> =>
  say(new Visitor(server.url, cookies), `Tell ${name}`, { agent: "technical" });

const watching = (server: { url: string }, { cookies }: Pair, { run }: Turn) => new Viewer(server.url, cookies, run);

const cannotCheck = expect.stringMatching(/cannot check its rate limits .* Try again/);

const told = (name: string): string => storyOf(name).flat().join("");

/** Resolves when the viewer has seen these words; follows to the end in any case. */
async function until(viewer: Viewer, words: string): Promise<{ done: Promise<void> }> {
  const done = viewer.follow(30_000);
  await expect.poll(() => viewer.text.includes(words), { intervals: [20] }).toBe(true);
  return { done };
}

/** What is kept is what everybody sees, each thing once, and the thread goes on. */
async function agrees(pair: Pair, turn: Turn, viewers: Viewer[]): Promise<string> {
  const visitor = new Visitor(pair.url, pair.cookies);
  const items = await itemsOf(visitor, turn.conversation);
  const kept = items.filter(isAnswer).map(wordsOf).join("");
  const late = watching(pair, pair, turn);
  await late.follow();
  for (const viewer of [...viewers, late]) expect(viewer.text).toBe(kept);
  expect(items.filter(isResult).map(({ callId }) => callId)).toEqual(items.filter(isCall).map(({ callId }) => callId));
  const next = await say(visitor, "Tell more", { conversation: turn.conversation, agent: "technical" });
  const viewer = watching(pair, pair, next);
  await viewer.follow();
  expect(viewer.text).toBe(told("more"));
  return kept;
}

test("a run of one is watched through the other and through the balancer: the same events, each once", async ({
  pair,
}) => {
  const turn = await begin(pair.one, pair, "shared");
  const viewers = [pair.one, pair.other, pair].map((server) => watching(server, pair, turn));
  const fickle = watching(pair, pair, turn);
  const comesAndGoes = async () => {
    for (let visit = 0; visit < 8; visit++) await fickle.connect(AbortSignal.timeout(200));
    await fickle.follow();
  };
  await Promise.all([...viewers.map((viewer) => viewer.follow()), comesAndGoes()]);
  const [first, ...others] = [...viewers, fickle];
  for (const viewer of others) expect(viewer.events).toEqual(first?.events);
  expect(await agrees(pair, turn, viewers)).toBe(told("shared"));
});

test("a stop through the other ends it at once, and keeps what was written", async ({ pair }) => {
  const turn = await begin(pair.one, pair, "stopped");
  const viewer = watching(pair.other, pair, turn);
  const { done } = await until(viewer, "stopped.0.3");
  const asked = performance.now();
  const answer = await new Visitor(pair.other.url, pair.cookies).ask(`/api/runs/${turn.run}/stop`, {
    method: "POST",
    headers: { "sec-fetch-site": "same-origin" },
  });
  expect(answer.status).toBe(204);
  await done;
  expect(performance.now() - asked).toBeLessThan(1500);
  expect(viewer.message.metadata?.status).toBe("stopped");
  expect(told("stopped").startsWith(await agrees(pair, turn, [viewer]))).toBe(true);
});

test("what one person sends is counted by both together", async ({ pair }) => {
  const cookies = await cookieOf(await createPerson(pair.sqld.url, "Bob"));
  const [one, other] = [new Visitor(pair.one.url, cookies), new Visitor(pair.other.url, cookies)];
  const codeOf = async (visitor: Visitor) => {
    const outcome = await trySay(visitor, "Tell more", { conversation: "nowhere" });
    return outcome?.ok === false && outcome.error.code;
  };
  const half = Array.from({ length: 30 });
  const codes = await Promise.all(half.flatMap(() => [codeOf(one), codeOf(other)]));
  expect(new Set(codes)).toEqual(new Set(["not_found"]));
  expect(await codeOf(one)).toBe("rate_limited");
  expect(await codeOf(other)).toBe("rate_limited");
});

test("Redis that does not answer for three seconds costs nobody a word", async ({ pair }) => {
  const turn = await begin(pair.one, pair, "paused");
  const viewers = [pair.one, pair.other].map((server) => watching(server, pair, turn));
  const followed = await Promise.all(viewers.map((viewer) => until(viewer, "paused.0.5")));
  await pair.commands.call("CLIENT", "PAUSE", "3000", "ALL");
  const refused = await trySay(new Visitor(pair.other.url, pair.cookies), "Tell more");
  expect(refused).toMatchObject({ ok: false, error: { message: cannotCheck } });
  await Promise.all(followed.map(({ done }) => done));
  expect(await agrees(pair, turn, viewers)).toBe(told("paused"));
});

test("Redis that is flushed in the middle is told everything again", async ({ pair }) => {
  const turn = await begin(pair.one, pair, "flushed");
  const viewers = [pair.one, pair.other].map((server) => watching(server, pair, turn));
  const followed = await Promise.all(viewers.map((viewer) => until(viewer, "flushed.0.9")));
  await pair.commands.flushall();
  const late = watching(pair.other, pair, turn);
  await Promise.all([...followed.map(({ done }) => done), late.follow()]);
  expect(late.events).toEqual(viewers[0]?.events);
  expect(await agrees(pair, turn, [...viewers, late])).toBe(told("flushed"));
  // Nobody has the events any more: the items have everything.
  await pair.commands.flushall();
  const last = watching(pair, pair, turn);
  await last.follow();
  expect(last.text).toBe(told("flushed"));
});

test("Redis that dies and comes back empty costs nobody a word", async ({ pair }) => {
  const turn = await begin(pair.one, pair, "restarted");
  const viewers = [pair.one, pair.other, pair].map((server) => watching(server, pair, turn));
  const followed = await Promise.all(viewers.map((viewer) => until(viewer, "restarted.0.5")));
  await pair.redis.kill();
  const refused = await trySay(new Visitor(pair.one.url, pair.cookies), "Tell more");
  expect(refused).toMatchObject({ ok: false, error: { message: cannotCheck } });
  await pair.redis.start();
  await Promise.all(followed.map(({ done }) => done));
  expect(await agrees(pair, turn, viewers)).toBe(told("restarted"));
});

test("a libSQL server that goes away for a second is waited for", async ({ pair }) => {
  const turn = await begin(pair.one, pair, "database");
  const viewers = [pair.one, pair.other].map((server) => watching(server, pair, turn));
  const followed = await Promise.all(viewers.map((viewer) => until(viewer, "database.0.5")));
  await pair.sqld.kill();
  const refused = await trySay(new Visitor(pair.other.url, pair.cookies), "Tell more");
  const cannotReach = expect.stringMatching(/database cannot be reached .* Try again/);
  expect(refused).toMatchObject({ ok: false, error: { message: cannotReach } });
  await pause(1000);
  await pair.sqld.start();
  await Promise.all(followed.map(({ done }) => done));
  expect(await agrees(pair, turn, viewers)).toBe(told("database"));
});

// The last one: it leaves one alone.
test("when one dies, the other ends its runs within fifteen seconds, and their threads go on", async ({ pair }) => {
  const names = ["dead-a", "dead-b"];
  const turns = await Promise.all(names.map((name) => begin(pair.one, pair, name)));
  const viewers = turns.map((turn) => watching(pair, pair, turn));
  const followed = await Promise.all(viewers.map((viewer, place) => until(viewer, `${names[place]}.0.9`)));
  const killedAt = performance.now();
  await pair.one.kill();
  await Promise.all(followed.map(({ done }) => done));
  expect(performance.now() - killedAt).toBeLessThan(15_000);

  const visitor = new Visitor(pair.url, pair.cookies);
  const goesOn = async (turn: Turn, place: number) => {
    const name = names[place] ?? "";
    expect(viewers[place]?.message.metadata?.status).toBe("interrupted");
    const kept = (await itemsOf(visitor, turn.conversation)).filter(isAnswer).map(wordsOf).join("");
    expect(viewers[place]?.text).toBe(kept);
    expect(kept).toContain(`${name}.0.`);
    expect(told(name).startsWith(kept)).toBe(true);
    const viewer = watching(pair, pair, await sayAgain(visitor, turn));
    await viewer.follow();
    expect(viewer.text).toBe(told(name));
  };
  await Promise.all(turns.map(goesOn));
});
