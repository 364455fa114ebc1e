/**
 * A process that lets so many runs be watched, abandoned, stopped and fail: `node --expose-gc leaks.ts RUNS`.
 * Tells its parent what it holds before, in the middle and at the end.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { client } from "#db/client.ts";
import { migrate, prepareConnection } from "#db/migrate.ts";
import { migrateSessions } from "#db/migrations/sessions.ts";
import { ownRun, type User } from "#lib/access.ts";
import { watchInbox } from "#lib/inbox-stream.ts";
import { redis } from "#lib/redis.ts";
import type { SendResult } from "#lib/thread.ts";
import { eventLog } from "../events/choose.ts";
import { liveRuns } from "../live.ts";
import { queueMessage } from "../queue.ts";
import { startTurn } from "../start.ts";
import { hearStopsHere, stopRun } from "../stop.ts";
import { addPerson } from "./people.ts";
import { shown, watched } from "./viewing.ts";

export interface Held {
  /** What keeps the process busy, by kind. */
  resources: Record<string, number>;
  runs: number;
  logged: { runs: number; watchers: number };
  turns: { inside: number; waiting: number };
  /** In megabytes, once what nobody needs is gone. */
  heap: number;
  channels: number;
  listeners: number;
}

const total = Number(process.argv[2]);
const atOnce = 20;
/** So many runs of one person: fewer than the limit of a minute. */
const runsOfPerson = 40;

await prepareConnection();
await migrate(client());
await migrateSessions(client());
hearStopsHere();

const shared = globalThis as typeof globalThis & {
  switchboardTurnstile?: { inside: { size: number }; waiting: { length: number } };
};

async function held(): Promise<Held> {
  const resources: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1;
  for (let turn = 0; turn < 3; turn++) {
    await pause(20);
    globalThis.gc?.();
  }
  const turnstile = shared.switchboardTurnstile;
  return {
    resources,
    runs: liveRuns().length,
    logged: eventLog().size,
    turns: { inside: turnstile?.inside.size ?? 0, waiting: turnstile?.waiting.length ?? 0 },
    heap: process.memoryUsage().heapUsed / 2 ** 20,
    channels: (await redis()?.commands.pubsub("CHANNELS"))?.length ?? 0,
    listeners: redis()?.subscriber.listenerCount("message") ?? 0,
  };
}

const newPerson = (id: string): Promise<User> => addPerson({ id, name: id, email: null, role: "member" });

/** What is done with a run, in turns. */
const fates = ["watched", "abandoned", "left", "stopped", "fail", "late", "queued", "cut", "unseen"] as const;

async function live(user: User, number: number): Promise<void> {
  const fate = fates[number % fates.length] ?? "watched";
  const manner = fate === "fail" || fate === "cut" ? fate : number % 2 ? "tool" : "plain";
  const sent = await startTurn(user, { operation: randomUUID(), text: `m${number} ${manner}` });
  const news = shown((viewer) => watchInbox(user, viewer)).getReader();
  await news.read();
  const gone = new AbortController();
  const open = async () => watched(await ownRun(user, sent.run), 0, gone.signal);
  if (fate === "watched" || fate === "fail" || fate === "cut") {
    await Promise.all([new Response(await open()).text(), new Response(await open()).text()]);
  } else if (fate === "abandoned") {
    const reader = (await open()).getReader();
    await reader.read();
    await reader.cancel();
    // Before it has even begun.
    await (await open()).cancel();
  } else if (fate === "left") {
    const reader = (await open()).getReader();
    await reader.read();
    gone.abort();
    await open();
  } else if (fate === "stopped") {
    const reader = (await open()).getReader();
    await reader.read();
    await stopRun(await ownRun(user, sent.run));
    while (!(await reader.read()).done);
  } else if (fate === "queued") {
    const place = { conversation: sent.conversation, branch: sent.branch };
    const next = await queueMessage(user, { operation: randomUUID(), text: `q${number} plain`, ...place });
    await ended({ ...sent, run: next.id }, user);
  }
  await ended(sent, user);
  if (fate === "late") await new Response(await open()).text();
  await news.cancel();
}

async function ended({ run }: SendResult, user: User): Promise<void> {
  for (;;) {
    const row = await ownRun(user, run).catch(() => undefined);
    if (row) {
      await new Response(watched(row)).text();
      return;
    }
    await pause(5);
  }
}

let number = 0;
const withoutHeap = ({ heap: _, ...rest }: Held) => rest;

/** What is held once nothing changes any more: a turn's place and a connection are let go of a moment after the run. */
async function heldAtRest(before?: Held): Promise<Held> {
  const until = Date.now() + 20_000;
  for (let last = await held(); ; ) {
    await pause(200);
    const now = await held();
    if (Date.now() > until || isDeepStrictEqual(withoutHeap(now), withoutHeap(before ?? last))) return now;
    last = now;
  }
}

async function liveThrough(count: number, before?: Held): Promise<Held> {
  const until = number + count;
  let person: Promise<User> | undefined;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (number < until) {
        const mine = number++;
        if (mine % runsOfPerson === 0 || !person) person = newPerson(`person-${mine}`);
        await live(await person, mine);
      }
    }),
  );
  return heldAtRest(before);
}

const first = await liveThrough(total / 5);
const middle = await liveThrough((total * 2) / 5, first);
const last = await liveThrough((total * 2) / 5, middle);

await eventLog().forget(Date.now() + 1);
const rows = await client().execute("SELECT count(*) AS count FROM run_events");
const statuses = await client().execute("SELECT status, count(*) AS count FROM runs GROUP BY status");
process.send?.({
  first,
  middle,
  last,
  events: Number(rows.rows[0]?.count),
  statuses: Object.fromEntries(statuses.rows.map(({ status, count }) => [String(status), Number(count)])),
});
process.disconnect();
for (const connection of Object.values(redis() ?? {})) connection.disconnect();
