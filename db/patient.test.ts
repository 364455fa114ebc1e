import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, createClient } from "@libsql/client";
import { afterEach, beforeEach, expect, test } from "vitest";
import { busyTimeout, makePatient } from "./patient.ts";

let folder = "";
let client: Client;
let other: Client;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "switchboard-patient-"));
  const url = `file:${join(folder, "locked.db")}`;
  client = makePatient(createClient({ url, concurrency: 1, timeout: busyTimeout }));
  other = createClient({ url, concurrency: 1 });
  await client.execute("PRAGMA journal_mode = WAL");
  await client.execute("CREATE TABLE words (word TEXT)");
});

afterEach(() => {
  client.close();
  other.close();
  rmSync(folder, { recursive: true, force: true });
});

const insert = (word: string) => ({ sql: "INSERT INTO words VALUES (?)", args: [word] });
const words = async () => (await client.execute("SELECT word FROM words ORDER BY word")).rows.map(({ word }) => word);

test("writes wait for a lock, and everything else goes on meanwhile", async () => {
  const lock = await other.transaction("write");
  const writes = [
    ...Array.from({ length: 10 }, (_, place) => client.execute(insert(`a${place}`))),
    client.batch([insert("b1"), insert("b2")], "write"),
  ];
  let longest = 0;
  let last = performance.now();
  const watch = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 5);
  expect(await words()).toEqual([]);
  const freed = new Promise((resolve) => setTimeout(resolve, 600)).then(() => lock.commit());
  await Promise.all([...writes, freed]);
  clearInterval(watch);
  expect(longest).toBeLessThan(400);
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
