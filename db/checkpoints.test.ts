import { copyFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createClient } from "@libsql/client";
import { expect, test, vi } from "vitest";
import { env } from "#env.ts";
import { keepCheckpointing } from "./checkpoints.ts";
import { client } from "./client.ts";
import { prepareConnection } from "./migrate.ts";

const folder = env.DATA_DIR;

/** What stands in the file itself, without its log. */
async function wordsInPlace(): Promise<unknown[]> {
  const copy = join(folder, "copy.db");
  copyFileSync(join(folder, "switchboard.db"), copy);
  const reader = createClient({ url: `file:${copy}` });
  try {
    return (await reader.execute("SELECT word FROM words ORDER BY word")).rows.map(({ word }) => word);
  } finally {
    reader.close();
  }
}

test("what was written comes to its place, again and again", async () => {
  await prepareConnection();
  await client().batch(["CREATE TABLE words (word TEXT)", "INSERT INTO words VALUES ('first')"], "write");
  await expect(wordsInPlace()).rejects.toThrow("no such table");
  const failed = vi.fn();
  const stop = keepCheckpointing(failed);
  await expect.poll(wordsInPlace).toEqual(["first"]);
  await client().execute("INSERT INTO words VALUES ('second')");
  await expect.poll(wordsInPlace).toEqual(["first", "second"]);
  stop();
  expect(failed).not.toHaveBeenCalled();
});

test("a file that cannot be read is complained of", async () => {
  client().close();
  for (const ending of ["-wal", "-shm", ""]) rmSync(join(folder, `switchboard.db${ending}`), { force: true });
  writeFileSync(join(folder, "switchboard.db"), "This is no database, and never was one. ".repeat(100));
  writeFileSync(join(folder, "switchboard.db-wal"), "");
  const failed = vi.fn();
  const stop = keepCheckpointing(failed);
  await expect.poll(() => failed).toHaveBeenCalledOnce();
  stop();
});
