import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, test } from "vitest";
import { Folding } from "#components/chat/fold.ts";
import { Home } from "./testing/home.ts";
import { playRounds } from "./testing/interleave.ts";
import { type ModelServer, startModelServer } from "./testing/model-server.ts";
import type { Fold } from "./testing/scene.ts";

/**
 * Whatever two clients do, in whatever order, while instances are ended in the middle of it: what
 * was acknowledged is there exactly once, nothing runs for ever, and everybody sees the same.
 */

const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
const folder = mkdtempSync(join(tmpdir(), "switchboard-interleaving-"));
let model: ModelServer;
let home: Home;

beforeAll(async () => {
  model = await startModelServer(6);
  home = new Home({
    ...process.env,
    DATABASE_URL: `file:${join(folder, "switchboard.db")}`,
    DATA_DIR: folder,
    OPENAI_BASE_URL: model.url,
    OPENAI_MODEL: "scripted",
    AUTH_SECRET: "a secret of sixteen letters",
    REDIS_URL: "",
    SESSION_ENCRYPTION_KEYS: "",
    LOG_LEVEL: "fatal",
  });
});
afterAll(async () => {
  await home.close();
  await model.stop();
  rmSync(folder, { recursive: true, force: true });
});

const fold: Fold = (run, chunks) => {
  const folding = new Folding(run);
  for (const chunk of chunks) folding.add(chunk);
  return folding.message;
};

test(`any interleaving of two clients and crashes ends well (seed ${seed})`, { timeout: 200_000 }, async () => {
  await playRounds(home, fold, { seed, rounds: 3 });
});
