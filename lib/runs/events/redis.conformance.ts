import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startRedis } from "#lib/sessions/testing/servers.ts";
import { collect, count, delta } from "../testing/collect.ts";
import { EventLog } from "./log.ts";
import { RedisEventStore } from "./redis.ts";

/** What only Redis does: it tells what is new, and it can forget. */

test("what Redis tells is not read again, and nobody is asked whether it was all", async () => {
  const server = await startRedis();
  const connections = Array.from({ length: 4 }, () => new Redis(server.url));
  const [a, b, c, d] = connections as [Redis, Redis, Redis, Redis];
  const isEnded = vi.fn(async () => false);
  const store = new RedisEventStore({ commands: c, subscriber: d, isEnded });
  const here = new EventLog(new RedisEventStore({ commands: a, subscriber: b, isEnded }));
  const elsewhere = new EventLog(store);
  here.append("told", [{ type: "start" }]);
  await here.flush();
  const seen = collect(elsewhere, "told");
  await seen.has(1);
  // Who has just begun to listen looks once more; from now on it is told.
  await expect.poll(() => isEnded).toHaveBeenCalled();
  const reads = vi.spyOn(store, "read");
  isEnded.mockClear();
  for (let word = 0; word < 50; word += 1) {
    here.append("told", [delta(`${word} `)]);
    await here.flush();
  }
  await seen.has(51);
  expect(reads).not.toHaveBeenCalled();
  expect(isEnded).not.toHaveBeenCalled();

  // What nobody can understand is no reason to stop.
  await a.publish("switchboard:run:{told}:events", "52:nonsense");
  here.append("told", [delta("last"), { type: "finish" }]);
  await here.finish("told");
  expect(await seen.ended).toEqual({ last: 53, whole: true, began: 1 });
  expect(seen.numbers()).toEqual(count(53));
  for (const connection of connections) connection.disconnect();
  await server.stop();
});

describe("Redis that forgets", () => {
  let server: Awaited<ReturnType<typeof startRedis>>;
  let commands: Redis;
  const connections: Redis[] = [];
  const ended = new Set<string>();
  const connect = () => {
    const connection = new Redis(server.url, { maxRetriesPerRequest: 1, commandTimeout: 500 });
    connections.push(connection.on("error", () => {}));
    return connection;
  };
  const newLog = () =>
    new EventLog(
      new RedisEventStore({ commands: connect(), subscriber: connect(), isEnded: async (run) => ended.has(run) }),
    );
  beforeAll(async () => {
    server = await startRedis();
    // What the tests themselves ask of it may take as long as it does.
    commands = new Redis(server.url);
    connections.push(commands);
  });
  afterAll(async () => {
    for (const connection of connections) connection.disconnect();
    await server.stop();
  });

  test("is told everything again, and nobody misses or repeats an event", async () => {
    const [here, elsewhere] = [newLog(), newLog()];
    here.append("forgotten", [{ type: "start" }, ...[..."abc"].map(delta)]);
    await here.flush();
    const early = collect(elsewhere, "forgotten");
    await early.has(4);
    await commands.flushall();
    here.append("forgotten", [..."def"].map(delta));
    const late = collect(elsewhere, "forgotten");
    await Promise.all([early.has(7), late.has(7)]);
    here.append("forgotten", [{ type: "finish" }]);
    await here.finish("forgotten");
    for (const seen of [early, late]) {
      expect(await seen.ended).toEqual({ last: 8, whole: true, began: 1 });
      expect(seen.numbers()).toEqual(count(8));
      expect(seen.deltas()).toBe("abcdef");
    }
  });

  test("just before the last event is told everything again too", async () => {
    const [here, elsewhere] = [newLog(), newLog()];
    here.append("last", [{ type: "start" }, delta("a")]);
    await here.flush();
    await commands.flushall();
    here.append("last", [{ type: "finish" }]);
    await here.finish("last");
    const seen = collect(elsewhere, "last");
    expect(await seen.ended).toEqual({ last: 3, whole: true, began: 1 });
  });

  test("an ended run is said to be not whole, after the last event that was seen", async () => {
    const [here, elsewhere] = [newLog(), newLog()];
    here.append("over", [{ type: "start" }, delta("a")]);
    await here.flush();
    const seen = collect(elsewhere, "over");
    await seen.has(2);
    await commands.flushall();
    ended.add("over");
    expect(await seen.ended).toEqual({ last: 2, whole: false, began: 1 });
    expect(await collect(elsewhere, "over").ended).toEqual({ last: 0, whole: false, began: 0 });
  });

  test("and does not answer for a while costs a watcher elsewhere nothing but time", async () => {
    const [here, elsewhere] = [newLog(), newLog()];
    here.append("paused", [{ type: "start" }]);
    await here.flush();
    const seen = collect(elsewhere, "paused");
    await seen.has(1);
    await commands.call("CLIENT", "PAUSE", "1500", "ALL");
    here.append("paused", [delta("a")]);
    await here.flush();
    here.append("paused", [delta("b"), { type: "finish" }]);
    await seen.has(4);
    await here.finish("paused");
    expect(await seen.ended).toEqual({ last: 4, whole: true, began: 1 });
    expect(seen.numbers()).toEqual(count(4));
  });
});
