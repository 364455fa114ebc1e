import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turnOfTheLoop } from "node:timers/promises";
import { type Client, createClient, type InStatement } from "@libsql/client";
import { afterEach, beforeEach, expect, test } from "vitest";
import { busyTimeout, makePatient } from "./patient.ts";

let folder = "";
let client: Client;
let other: Client;
let tries = 0;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "switchboard-patient-"));
  const url = `file:${join(folder, "locked.db")}`;
  tries = 0;
  client = makePatient(counting(createClient({ url, concurrency: 1, timeout: busyTimeout })));
  other = createClient({ url, concurrency: 1 });
  await client.execute("PRAGMA journal_mode = WAL");
  await client.execute("CREATE TABLE words (word TEXT)");
});

afterEach(() => {
  client.close();
  other.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Counts how often a write of this file is tried. */
function counting(client: Client): Client {
  const execute = client.execute.bind(client);
  const batch = client.batch.bind(client);
  return Object.assign(client, {
    execute: (statement: InStatement) => {
      if (typeof statement === "string") return execute(statement);
      if (statement.sql.startsWith("INSERT")) tries += 1;
      return execute(statement);
    },
    batch: (...given: Parameters<Client["batch"]>) => {
      tries += 1;
      return batch(...given);
    },
  });
}

const insert = (word: string) => ({ sql: "INSERT INTO words VALUES (?)", args: [word] });
const words = async () => (await client.execute("SELECT word FROM words ORDER BY word")).rows.map(({ word }) => word);

test("writes wait for a lock one at a time, and everything else goes on meanwhile", async () => {
  const lock = await other.transaction("write");
  let written = 0;
  const writes = [
    ...Array.from({ length: 10 }, (_, place) => client.execute(insert(`a${place}`))),
    client.batch([insert("b1"), insert("b2")], "write"),
  ].map((write) => write.then(() => written++));
  // Each tries for itself once. From then on all wait in a line.
  while (tries < 2 * writes.length) await turnOfTheLoop();
  for (const until = tries + 10; tries < until; ) {
    const before = tries;
    await turnOfTheLoop();
    expect(tries - before).toBeLessThanOrEqual(1);
  }
  expect(await words()).toEqual([]);
  expect(written).toBe(0);
  await lock.commit();
  await Promise.all(writes);
  expect(await words()).toHaveLength(12);
});

test("a lock that stays is an error after five seconds, and the connection works afterwards", async () => {
  const lock = await other.transaction("write");
  await expect(client.batch([insert("never")], "write")).rejects.toMatchObject({ code: "SQLITE_BUSY" });
  await lock.rollback();
  await client.batch([insert("later")], "write");
  expect(await words()).toEqual(["later"]);
  expect((await client.execute("PRAGMA synchronous")).rows[0]?.synchronous).toBe(1);
}, 15_000);

test("other errors come at once", async () => {
  await expect(client.execute("SELECT * FROM absent")).rejects.toThrow("no such table");
});
