import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@libsql/client";
import { afterAll, describe, test } from "vitest";
import { SQLiteSession } from "./places.ts";
import { StoreSession } from "./session.ts";
import { LibsqlStore } from "./stores/libsql.ts";
import { textOf } from "./turns.ts";

const folder = mkdtempSync(join(tmpdir(), "sessions-"));
const writer = join(import.meta.dirname, "testing/writer.ts");

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, id: string, name: string, turns: number) {
  return spawn(process.execPath, [writer, path, id, name, `${turns}`], { stdio: ["ignore", "pipe", "pipe"] });
}

describe("several processes on one file", () => {
  test("five that begin at once, also with the tables, lose nothing and write nothing twice", async () => {
    const path = join(folder, "five.db");
    const processes = ["a", "b", "c", "d", "e"].map((name) => write(path, "shared", name, 60));
    const errors: string[] = [];
    for (const one of processes) one.stderr.on("data", (text) => errors.push(String(text)));
    const codes = await Promise.all(processes.map(async (one) => (await once(one, "exit"))[0]));
    assert.deepEqual([codes, errors], [[0, 0, 0, 0, 0], []]);
    await using session = new SQLiteSession({ path, conversationId: "shared" });
    const items = await session.getItems();
    assert.equal(items.length, 600);
    const texts = items.map(textOf);
    assert.equal(new Set(texts).size, 300);
    for (let index = 0; index < 600; index += 2) assert.equal(texts[index], texts[index + 1]);
    for (const name of ["a", "b", "c", "d", "e"]) {
      const own = texts.filter((text, index) => index % 2 === 0 && text.startsWith(name));
      assert.deepEqual(
        own,
        Array.from({ length: 60 }, (_, turn) => `${name}.${turn}`),
      );
    }
  });

  test("one that is killed leaves a whole history, and another goes on", async () => {
    const path = join(folder, "killed.db");
    for (const name of ["first", "second", "third"]) {
      const one = write(path, "killed", name, 1_000_000);
      let dots = 0;
      for await (const text of one.stdout) {
        dots += String(text).length;
        if (dots >= 20) break;
      }
      one.kill("SIGKILL");
      await once(one, "exit");
      await using session = new SQLiteSession({ path, conversationId: "killed" });
      const stored = await session.history();
      assert.deepEqual(
        stored.map(({ position }) => position),
        stored.map((_, index) => index),
      );
      const texts = stored.map(({ item }) => textOf(item));
      assert.ok(texts.length % 2 === 0 && texts.includes(`${name}.19`));
      for (let index = 0; index < texts.length; index += 2) assert.equal(texts[index], texts[index + 1]);
    }
  });

  test("one that waits for the lock of another gets it, on a client of the caller's too", async () => {
    const path = join(folder, "locked.db");
    const client = createClient({ url: `file:${path}`, timeout: 0, concurrency: 1 });
    await client.execute("PRAGMA journal_mode = WAL");
    await client.execute("PRAGMA foreign_keys = OFF");
    const session = new StoreSession({ store: new LibsqlStore({ client }), id: "locked" });
    await session.addItems([{ role: "user", content: "before" }]);
    const blocker = createClient({ url: `file:${path}`, concurrency: 1 });
    const transaction = await blocker.transaction("write");
    const written = session.addItems([{ role: "user", content: "meanwhile" }]);
    const started = Date.now();
    setTimeout(() => transaction.commit(), 150);
    await written;
    assert.ok(Date.now() - started >= 100);
    await session.addItems([{ role: "user", content: "after" }]);
    assert.deepEqual((await session.getItems()).map(textOf), ["before", "meanwhile", "after"]);
    const kept = await client.execute("PRAGMA foreign_keys");
    assert.equal(kept.rows[0]?.[0], 0);
    blocker.close();
    client.close();
  });
});

describe("versions of the tables", () => {
  const old = join(import.meta.dirname, "fixtures/version-1.db");

  test("a file of version 1 is brought up to date with all that is in it", async () => {
    const path = join(folder, "old.db");
    copyFileSync(old, path);
    await using session = new SQLiteSession({ path, conversationId: "alice:support/01JD8000000000000000000000" });
    assert.deepEqual((await session.getItems()).map(textOf), ["Could I return this, please?"]);
    await session.switchTo("main");
    assert.deepEqual(
      (await session.history()).map(({ item }) => textOf(item)),
      ["I want my money back", "Which order?"],
    );
    assert.deepEqual((await session.getItems()).map(textOf), ["Alice asked for a refund."]);
    assert.deepEqual((await session.info())?.metadata, { title: "Refund" });
    const repeated = await session.store.commit(session.id, { create: true, operation: "create", at: 1 });
    assert.equal(repeated.status, "repeated");
    await session.addItems([{ role: "user", content: "Still there?" }]);
    assert.equal((await session.history()).length, 3);
  });

  test("a file of a newer version is refused and left as it is", async () => {
    const path = join(folder, "newer.db");
    copyFileSync(old, path);
    const client = createClient({ url: `file:${path}` });
    await client.execute("PRAGMA journal_mode = WAL");
    await client.execute("INSERT INTO sessions_version (version) VALUES (99)");
    await client.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    client.close();
    const before = readFileSync(path);
    const session = new SQLiteSession({ path, conversationId: "bob:sales/2" });
    await assert.rejects(session.getItems(), { name: "SessionError", code: "store_too_new", message: /version 99/ });
    await assert.rejects(session.addItems([{ role: "user", content: "x" }]), { code: "store_too_new" });
    await session.close();
    assert.ok(before.equals(readFileSync(path)));
  });

  test("tables of several names live side by side in a file", async () => {
    const path = join(folder, "names.db");
    await using one = new SQLiteSession({ path, table: "chats", conversationId: "same" });
    await using two = new SQLiteSession({ path, table: "other_chats", conversationId: "same" });
    await one.addItems([{ role: "user", content: "one" }]);
    assert.deepEqual(await two.getItems(), []);
    assert.throws(() => new SQLiteSession({ path, table: 'x"; DROP TABLE y' }), /can't name a table/);
  });
});
