import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Server, startRedis } from "#lib/sessions/testing/servers.ts";
import type { Held } from "./testing/leaks.ts";
import { type ModelServer, startModelServer } from "./testing/model-server.ts";

/** After its runs a process holds what it held before: with events in the database, and in Redis. */

const program = join(import.meta.dirname, "testing/leaks.ts");
const folder = mkdtempSync(join(tmpdir(), "switchboard-leaks-"));
let model: ModelServer;
let redis: Server;

beforeAll(async () => {
  [model, redis] = await Promise.all([startModelServer(1), startRedis()]);
});
afterAll(async () => {
  await Promise.all([model.stop(), redis.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

interface Report {
  first: Held;
  middle: Held;
  last: Held;
  events: number;
  statuses: Record<string, number>;
}

async function liveThrough(runs: number, environment: Record<string, string>): Promise<Report> {
  const child = spawn(process.execPath, ["--expose-gc", program, String(runs)], {
    env: {
      ...process.env,
      DATABASE_URL: `file:${join(folder, `${environment.REDIS_URL ? "redis" : "file"}.db`)}`,
      DATA_DIR: folder,
      OPENAI_BASE_URL: model.url,
      OPENAI_MODEL: "scripted",
      AUTH_SECRET: "a secret of sixteen letters",
      SESSION_ENCRYPTION_KEYS: "",
      LOG_LEVEL: "fatal",
      ...environment,
    },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const ended = once(child, "exit");
  const [report]: Report[] = await Promise.race([
    once(child, "message"),
    ended.then(([code]) => Promise.reject(new Error(`The process ended with ${code}.`))),
  ]);
  // It ends by itself: nothing keeps it.
  expect(await ended).toEqual([0, null]);
  if (!report) throw new Error("The process said nothing.");
  return report;
}

function expectNothingHeld({ first, middle, last, events, statuses }: Report, runs: number): void {
  const { heap: before, ...atFirst } = first;
  const { heap: after, ...atLast } = last;
  expect(atLast).toEqual(atFirst);
  expect(atLast).toMatchObject({ runs: 0, logged: { runs: 0, watchers: 0 }, turns: { inside: 0, waiting: 0 } });
  expect(events).toBe(0);
  expect(Object.keys(statuses).toSorted()).toEqual(["completed", "failed", "stopped"]);
  expect(Object.values(statuses).reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(runs);
  // Code is compiled and lists grow in steps: less than what one run has streamed, for each.
  expect(after - middle.heap).toBeLessThan(2);
  expect(middle.heap - before).toBeLessThan(4);
}

test.concurrent("500 runs leave nothing behind in a process and its file", async () => {
  expectNothingHeld(await liveThrough(500, { REDIS_URL: "" }), 500);
});

test.concurrent("1,000 runs leave nothing behind in Redis but what it forgets by itself", async () => {
  const connection = new Redis(redis.url);
  await connection.ping();
  const report = await liveThrough(1000, { REDIS_URL: redis.url });
  expectNothingHeld(report, 1000);
  const keys = await connection.keys("*");
  const times = await Promise.all(keys.map((key) => connection.ttl(key)));
  expect(times.filter((time) => time < 0 || time > 600)).toEqual([]);
  expect(await connection.pubsub("CHANNELS")).toEqual([]);
  connection.disconnect();
});
