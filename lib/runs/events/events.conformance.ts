import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@libsql/client";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { migrate } from "#db/migrate.ts";
import { startRedis } from "#lib/sessions/testing/servers.ts";
import { collect, count, delta } from "../testing/collect.ts";
import { LibsqlEventStore } from "./libsql.ts";
import { EventLog } from "./log.ts";
import { RedisEventStore } from "./redis.ts";
import type { EventStore } from "./store.ts";

/** Every event store does the same: for two processes, one of which executes what the other watches. */

interface Rig {
  makeStore: () => EventStore;
  beginRun: (run: string) => Promise<void>;
  /** Says that the run has ended, as the process that executed it would. */
  endRun: (run: string) => Promise<void>;
  close: () => Promise<void>;
}

let runs = 0;

function conformance(name: string, start: () => Promise<Rig>) {
  describe(name, () => {
    let rig: Rig;
    beforeAll(async () => {
      rig = await start();
    });
    afterAll(() => rig.close());

    const newRun = async () => {
      const run = `run-${process.pid}-${++runs}`;
      await rig.beginRun(run);
      return run;
    };
    const twoProcesses = () => [new EventLog(rig.makeStore()), new EventLog(rig.makeStore())] as const;

    test("a watcher elsewhere sees every event once and in order, and then the end", async () => {
      const [here, elsewhere] = twoProcesses();
      const run = await newRun();
      here.append(run, [{ type: "start", messageId: run }]);
      const seen = collect(elsewhere, run);
      for (const word of ["a", "b", "c", "d"]) {
        here.append(run, [delta(word), delta(word.toUpperCase())]);
        await here.flush();
      }
      await seen.has(9);
      here.append(run, [{ type: "finish" }]);
      await rig.endRun(run);
      await here.finish(run);
      await seen.ended;
      expect(seen.numbers()).toEqual(count(10));
      expect(seen.deltas()).toBe("aAbBcCdD");
    });

    test("who comes late gets everything, who comes back only what is missing", async () => {
      const [here, elsewhere] = twoProcesses();
      const run = await newRun();
      here.append(run, [{ type: "start" }, ...[..."one two three"].map(delta)]);
      await here.flush();
      const late = collect(here, run);
      const back = collect(elsewhere, run, 6);
      await back.has(8);
      here.append(run, [delta("!"), { type: "finish" }]);
      await rig.endRun(run);
      await here.finish(run);
      await Promise.all([late.ended, back.ended]);
      expect(late.numbers()).toEqual(count(16));
      expect(back.numbers()).toEqual(count(16, 7));
    });

    test("an ended run is served as it was", async () => {
      const [here, elsewhere] = twoProcesses();
      const run = await newRun();
      here.append(run, [{ type: "start" }, delta("over"), { type: "finish" }]);
      await rig.endRun(run);
      await here.finish(run);
      const after = collect(elsewhere, run);
      await after.ended;
      expect(after.numbers()).toEqual([1, 2, 3]);
    });

    test("a batch that is written twice, and longer the second time, counts once", async () => {
      const store = rig.makeStore();
      const run = await newRun();
      await store.write([{ run, first: 1, events: ['{"a":1}', '{"a":2}'] }]);
      await store.write([{ run, first: 1, events: ['{"a":1}', '{"a":2}'] }]);
      await store.write([{ run, first: 1, events: ['{"a":1}', '{"a":2}', '{"a":3}'] }]);
      expect(await store.read(run, 0)).toEqual(count(3).map((id) => ({ id, json: `{"a":${id}}` })));
      expect(await store.read(run, 2)).toEqual([{ id: 3, json: '{"a":3}' }]);
    });

    test("a batch of a megabyte arrives elsewhere as well", async () => {
      const [here, elsewhere] = twoProcesses();
      const run = await newRun();
      here.append(run, [{ type: "start" }]);
      await here.flush();
      const seen = collect(elsewhere, run);
      await seen.has(1);
      const much = "much ".repeat(200_000);
      here.append(run, [delta(much), delta("more"), { type: "finish" }]);
      await rig.endRun(run);
      await here.finish(run);
      await seen.ended;
      expect(seen.deltas()).toBe(`${much}more`);
    });

    test("another process takes over the numbering of a run", async () => {
      const [here, elsewhere] = twoProcesses();
      const run = await newRun();
      here.append(run, [{ type: "start" }, delta("half")]);
      await here.flush();
      await elsewhere.adopt(run);
      elsewhere.append(run, [{ type: "abort" }, { type: "finish" }]);
      await rig.endRun(run);
      await elsewhere.finish(run);
      const seen = collect(new EventLog(rig.makeStore()), run);
      await seen.ended;
      expect(seen.numbers()).toEqual([1, 2, 3, 4]);
    });

    test("a process that has lost its run and goes on writing changes nothing", async () => {
      const [lost, keeper] = twoProcesses();
      const run = await newRun();
      lost.append(run, [{ type: "start" }, delta("a")]);
      await lost.flush();
      await keeper.adopt(run);
      keeper.append(run, [{ type: "start" }, delta("b"), { type: "finish" }]);
      await rig.endRun(run);
      await keeper.finish(run);
      lost.append(run, [delta("lost"), delta("words")]);
      await lost.flush();
      const seen = collect(new EventLog(rig.makeStore()), run);
      expect(await seen.ended).toEqual({ last: 5, whole: true, began: 3 });
      expect(seen.deltas()).toBe("ab");
    });

    test("who was shown words of a process that had lost the run is told that the message began before them", async () => {
      const [lost, keeper] = twoProcesses();
      const run = await newRun();
      lost.append(run, [{ type: "start" }, delta("a")]);
      await lost.flush();
      const seen = collect(new EventLog(rig.makeStore()), run);
      await seen.has(2);
      await keeper.adopt(run);
      lost.append(run, [delta("lost"), delta("words")]);
      await lost.flush();
      await seen.has(4);
      keeper.append(run, [{ type: "start" }, delta("b"), { type: "finish" }]);
      await rig.endRun(run);
      await keeper.finish(run);
      expect(await seen.ended).toEqual({ last: 5, whole: true, began: 1 });
    });

    test("who leaves is not told any more, and nothing is left behind", async () => {
      const [here] = twoProcesses();
      const run = await newRun();
      here.append(run, [{ type: "start" }]);
      const seen = collect(here, run);
      await seen.has(1);
      seen.leave();
      here.append(run, [delta("unheard")]);
      expect(seen.numbers()).toEqual([1]);
      await rig.endRun(run);
      await here.finish(run);
      expect(here.size).toEqual({ runs: 0, watchers: 0 });
    });
  });
}

/** Where it stands which runs have ended, as in the product. */
async function openRuns() {
  const folder = mkdtempSync(join(tmpdir(), "switchboard-events-"));
  const client = createClient({ url: `file:${join(folder, "events.db")}`, concurrency: 1 });
  await migrate(client);
  await client.execute("INSERT INTO users (id, role, created_at) VALUES ('alice', 'member', 0)");
  return {
    client,
    beginRun: async (run: string) => {
      const sql = `INSERT INTO runs (id, conversation_id, branch_id, user_id, status, agent, position, created_at)
        VALUES (?, 'conversation', ?, 'alice', 'running', 'assistant', 1, 0)`;
      await client.execute({ sql, args: [run, run] });
    },
    endRun: async (run: string) => {
      const sql = "UPDATE runs SET status = 'completed', finished_at = ? WHERE id = ?";
      await client.execute({ sql, args: [Date.now(), run] });
    },
    close: async () => {
      client.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

conformance("libSQL", async () => {
  const { client, ...table } = await openRuns();
  return { ...table, makeStore: () => new LibsqlEventStore(client) };
});

conformance("Redis", async () => {
  const [server, { client, ...table }] = await Promise.all([startRedis(), openRuns()]);
  const inDatabase = new LibsqlEventStore(client);
  const connections: Redis[] = [];
  const connect = () => {
    const connection = new Redis(server.url, { maxRetriesPerRequest: 1 });
    connections.push(connection);
    return connection;
  };
  const isEnded = (run: string) => inDatabase.isOver(run);
  return {
    ...table,
    makeStore: () => new RedisEventStore({ commands: connect(), subscriber: connect(), isEnded }),
    close: async () => {
      for (const connection of connections) connection.disconnect();
      await Promise.all([server.stop(), table.close()]);
    },
  };
});
