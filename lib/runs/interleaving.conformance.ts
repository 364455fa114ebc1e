import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, test } from "vitest";
import { Folding } from "#components/chat/fold.ts";
import { type Server, startRedis, startSqld } from "#lib/sessions/testing/servers.ts";
import { Home } from "./testing/home.ts";
import { playRounds } from "./testing/interleave.ts";
import { type ModelServer, startModelServer } from "./testing/model-server.ts";
import type { Fold } from "./testing/scene.ts";

/** The same as in `interleaving.test.ts`, with a real libSQL server and a real Redis between the instances. */

const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
const folder = mkdtempSync(join(tmpdir(), "switchboard-interleaving-"));
let servers: [ModelServer, Server, Server];
let home: Home;

beforeAll(async () => {
  servers = await Promise.all([startModelServer(6), startSqld(), startRedis()]);
  const [model, database, redis] = servers;
  home = new Home({
    ...process.env,
    DATABASE_URL: database.url,
    DATA_DIR: folder,
    OPENAI_BASE_URL: model.url,
    OPENAI_MODEL: "scripted",
    AUTH_SECRET: "a secret of sixteen letters",
    REDIS_URL: redis.url,
    SESSION_ENCRYPTION_KEYS: "",
    LOG_LEVEL: "fatal",
  });
});
afterAll(async () => {
  await home.close();
  await Promise.all(servers.map((server) => server.stop()));
  rmSync(folder, { recursive: true, force: true });
});

const fold: Fold = (run, chunks) => {
  const folding = new Folding(run);
  for (const chunk of chunks) folding.add(chunk);
  return folding.message;
};

test(`any interleaving on several machines ends well (seed ${seed})`, { timeout: 200_000 }, async () => {
  await playRounds(home, fold, { seed, rounds: 1 });
});
