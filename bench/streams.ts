import { fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { authSecret, cookieOf, createPerson } from "../e2e/people.ts";
import { type Server, startServer } from "../e2e/server.ts";
import { startRedis, startSqld } from "../lib/sessions/testing/servers.ts";
import { send, sendActionId } from "./parts/browser.ts";
import { now } from "./parts/clock.ts";
import { cpuSeconds, followMemory, loopDelay, memory } from "./parts/processes.ts";
import { expected, ideal, Readings } from "./parts/stream-reader.ts";
import { milliseconds, percentile, printTable } from "./parts/table.ts";

/**
 * Many conversations at once: each sends a message, whose answer the model streams as 200 tokens at
 * 20 a second, and reads the run's events until they end. All begin within two seconds. The same
 * streams read from the model server itself, in the same run, are what the figures are held against: what both ends of
 * that cost says how quick the machine is just now.
 *
 * `node bench/streams.ts 200,500 1` measures these numbers of conversations with one instance. A third figure stretches
 * the load in time, for a machine that is so many times slower than the one for which an aim was set: at 2.7 all begin
 * within 5.4 seconds, and a model says 7.4 tokens a second.
 */

const levels = (process.argv[2] ?? "1,50,200,500,1000").split(",").map(Number);
const setups = (process.argv[3] ?? "1,2").split(",").map(Number);
const slower = Number(process.argv[4] ?? 1);
const startedWithin = 2_000 * slower;
/** Each person may send 60 messages a minute. */
const people = 200;

const model = fork(join(import.meta.dirname, "parts/model-server.ts"), [String(slower)]);
const [modelPort]: number[] = await once(model, "message");
const modelUrl = `http://localhost:${modelPort}/v1`;
const probe = join(import.meta.dirname, "parts/loop-probe.ts");
const settings = {
  AUTH_SECRET: authSecret,
  OPENAI_BASE_URL: modelUrl,
  OPENAI_MODEL: "bench",
  OPENAI_API: "chat",
  NODE_OPTIONS: `--import=${probe}`,
};

type Way = (place: number, readings: Readings) => Promise<void>;

interface Result {
  readings: Readings;
  wall: number;
}

/** Begins `count` conversations, evenly over two seconds, and reads them all to their ends. */
async function stream(count: number, way: Way): Promise<Result> {
  const readings = new Readings();
  const began = now();
  await Promise.all(
    Array.from({ length: count }, async (_, place) => {
      await wait((place * startedWithin) / count);
      await way(place, readings).catch((error: unknown) => readings.errors.push(String(error)));
    }),
  );
  return { readings, wall: now() - began };
}

const straight: Way = (place, readings) =>
  readings.read(
    {
      url: `${modelUrl}/chat/completions`,
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "bench", stream: true, messages: [{ role: "user", content: `Stream ${place}` }] }),
    },
    now(),
  );

/** Through one of the servers, watched on the next one. */
function through(servers: Server[], cookies: string[]): Way {
  // Read now: starting the servers may have built anew.
  const action = sendActionId();
  return async (place, readings) => {
    const began = now();
    const cookie = cookies[place % cookies.length] ?? "";
    const at = (next: number) => servers[(place + next) % servers.length]?.url ?? "";
    const { run } = await send(at(0), action, cookie, { operation: randomUUID(), text: `Stream ${place}` });
    await readings.read({ url: `${at(1)}/api/runs/${run}/events`, headers: { cookie } }, began);
  };
}

const ages = ({ ages }: Readings) => [0.5, 0.95, 0.99].map((share) => milliseconds(percentile(ages, share)));
const firsts = ({ first }: Readings) => [0.5, 0.95].map((share) => milliseconds(percentile(first, share)));
/** The last one begins so much later than the first. */
const lastBegins = (count: number) => (startedWithin * (count - 1)) / count;
const overIdeal = (count: number, { wall }: Result) => (wall / (lastBegins(count) + ideal * slower)).toFixed(2);

const cpuOf = (pids: number[]) => pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0);
const perThousand = (seconds: number, count: number) => ((seconds * 1000) / (count * expected)).toFixed(3);

async function measure(count: number, servers: Server[], cookies: string[]): Promise<string[][]> {
  const reading = [process.pid, model.pid ?? 0];
  const idle = cpuOf(reading);
  const direct = await stream(count, straight);
  const directSeconds = cpuOf(reading) - idle;
  await Promise.all(servers.map(({ process }) => loopDelay(process)));
  const pids = servers.map(({ process }) => process);
  const before = cpuOf(pids);
  const peaks = servers.map(({ process }) => followMemory(process));
  const result = await stream(count, through(servers, cookies));
  const seconds = cpuOf(pids) - before;
  const highest = Math.max(...peaks.map((peak) => peak()));
  const delays = await Promise.all(servers.map(({ process }) => loopDelay(process)));
  const { readings } = result;
  for (const problem of new Set(readings.errors)) process.stderr.write(`${count}: ${problem}\n`);
  return [
    [
      String(count),
      String(readings.errors.length),
      String(readings.mostLive),
      overIdeal(count, result),
      ...firsts(readings),
      ...ages(readings),
      perThousand(seconds, count),
      `${highest.toFixed(0)} MB`,
      milliseconds(Math.max(...delays)),
    ],
    [
      "model directly",
      String(direct.readings.errors.length),
      String(direct.readings.mostLive),
      overIdeal(count, direct),
    ].concat(firsts(direct.readings), ages(direct.readings), [perThousand(directSeconds, count), "", ""]),
  ];
}

const head = ["streams", "errors", "live at once", "wall / ideal", "first p50", "p95", "age p50", "p95", "p99"];
const costs = ["CPU s / 1,000 tokens", "peak memory", "loop delay p99"];

for (const instances of setups) {
  const shared = instances > 1 ? await Promise.all([startSqld(), startRedis()]) : [];
  const [database, redis] = shared;
  const environment: Record<string, string> =
    database && redis ? { DATABASE_URL: database.url, REDIS_URL: redis.url } : {};
  const servers: Server[] = [];
  for (let made = 0; made < instances; made += 1) servers.push(await startServer({ ...settings, ...environment }));
  const cookies: string[] = [];
  for (let place = 0; place < people; place += 1) {
    const where = database?.url ?? servers[0]?.dataDir ?? "";
    cookies.push(await cookieOf(await createPerson(where, `Person ${place}`)));
  }
  const fresh = servers.map(({ process }) => `${memory(process).toFixed(0)} MB`).join(", ");
  // The first requests of a process compile what they need.
  await stream(20, through(servers, cookies));
  const rows: string[][] = [];
  for (const count of levels) rows.push(...(await measure(count, servers, cookies)));
  const name = instances === 1 ? "one instance" : `${instances} instances, libSQL server and Redis`;
  printTable(`streams, ${name}; fresh memory ${fresh}`, [[...head, ...costs], ...rows]);
  await Promise.all(servers.map((server) => server.stop()));
  await Promise.all(shared.map((server) => server.stop()));
}
model.disconnect();
