import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@libsql/client";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { planAppendAnywhere } from "./changes.ts";
import { assistant, call, result, user } from "./conformance/harness.ts";
import { newId } from "./ids.ts";
import { RedisSession, SQLiteSession } from "./places.ts";
import { StoreSession } from "./session.ts";
import { EncryptedStore } from "./stores/encrypted.ts";
import { LibsqlStore } from "./stores/libsql.ts";
import { MemoryStore } from "./stores/memory.ts";
import { type Server, startRedis, startSqld } from "./testing/servers.ts";
import type { Unreadable } from "./unreadable.ts";
import { EncryptedSession } from "./wrappers.ts";

const folder = mkdtempSync(join(tmpdir(), "sessions-"));
let redis: Server;
let sqld: Server;

beforeAll(async () => {
  [redis, sqld] = await Promise.all([startRedis(), startSqld()]);
});

afterAll(async () => {
  await Promise.all([redis.stop(), sqld.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

const unreachable = { name: "SessionError", code: "store_unreachable" };

describe("a place that can't be reached says what to do", () => {
  test("a folder that does not exist", async () => {
    const session = new SQLiteSession({ path: join(folder, "missing/sessions.db") });
    await assert.rejects(session.addItems([user("a")]), unreachable);
    await session.close();
  });

  test("a file that is no database", async () => {
    const path = join(folder, "text.db");
    writeFileSync(path, "This is a letter, and a long one at that. ".repeat(200));
    const session = new SQLiteSession({ path });
    await assert.rejects(session.getItems(), unreachable);
    await session.close();
  });

  test("a libSQL server that does not answer", async () => {
    const session = new SQLiteSession({ url: "http://127.0.0.1:9" });
    await assert.rejects(session.getItems(), unreachable);
    await session.close();
  });

  test("a Redis that does not answer", async () => {
    const session = new RedisSession({ url: "redis://127.0.0.1:9" });
    await assert.rejects(session.getItems(), unreachable);
    await session.close();
  });

  test("a Redis with another password", async () => {
    const session = new RedisSession({ url: redis.url.replace("secret", "wrong") });
    await assert.rejects(session.getItems(), { ...unreachable, message: /WRONGPASS.*password/ });
    await session.close();
  });

  test("a client that its owner closed", async () => {
    const client = createClient({ url: ":memory:" });
    const store = new LibsqlStore({ client });
    await store.load("x");
    client.close();
    await assert.rejects(store.load("x"), { code: "store_closed" });
  });

  test("a Redis that goes away", async () => {
    const server = await startRedis();
    const session = new RedisSession({ url: server.url, conversationId: "gone" });
    await session.addItems([user("a")]);
    await server.stop();
    await assert.rejects(session.addItems([user("b")]), unreachable);
    await session.close();
  });
});

describe("libSQL", () => {
  test("never closes a client that was handed in, unless it is told to", async () => {
    const client = createClient({ url: ":memory:" });
    const store = new LibsqlStore({ client });
    await store.load("x");
    await store.close();
    assert.equal(client.closed, false);
    const owner = new LibsqlStore({ client, close: true });
    await owner.close();
    assert.equal(client.closed, true);
  });

  test("further statements happen together with a change, and their errors are their own", async () => {
    const client = createClient({ url: ":memory:", concurrency: 1 });
    await client.execute("CREATE TABLE notes (text TEXT NOT NULL UNIQUE)");
    const store = new LibsqlStore({ client });
    const session = new StoreSession({ store, id: "x" });
    await session.addItems([user("a")]);
    const branch = (await store.load("x"))?.current ?? "";
    const note = { sql: "INSERT INTO notes VALUES (?)", args: ["n"] };
    const append = (text: string) => planAppendAnywhere(branch, [user(text)], { at: 1 });
    assert.deepEqual(await store.commit("x", append("b"), { also: [note] }), { status: "done" });
    await assert.rejects(store.commit("x", append("c"), { also: [note] }), /UNIQUE constraint failed: notes.text/);
    const missing = planAppendAnywhere(newId(), [user("d")], { at: 1 });
    const other = { ...note, args: ["other"] };
    assert.equal((await store.commit("x", missing, { also: [other] })).status, "conflict");
    assert.deepEqual(await session.getItems(), [user("a"), user("b")]);
    assert.equal((await client.execute("SELECT * FROM notes")).rows.length, 1);
    await client.batch([...store.statements("x", append("e")), other], "write");
    assert.equal((await session.getItems()).length, 3);
  });

  test("forks without copying: two rows, at any length", async () => {
    const client = createClient({ url: ":memory:", concurrency: 1 });
    const session = new StoreSession({ store: new LibsqlStore({ client }), id: "x" });
    await session.addItems(Array.from({ length: 3000 }, (_, index) => user(`${index}`)));
    const count = async (table: string) =>
      Number((await client.execute(`SELECT count(*) FROM "${table}"`)).rows[0]?.[0]);
    const tables = ["sessions_items", "sessions_branches", "sessions_segments"];
    const before = await Promise.all(tables.map(count));
    await session.fork(2900, "far");
    const after = await Promise.all(tables.map(count));
    assert.deepEqual(
      after.map((rows, index) => rows - (before[index] ?? 0)),
      [0, 1, 1],
    );
  });

  test("a file may be named as files are", async () => {
    for (const name of ["a b.db", "50%.db", "what?.db", "#1.db", "größe.db", "%20.db"]) {
      const session = new SQLiteSession({ path: join(folder, name) });
      await session.addItems([user(name)]);
      assert.ok(readdirSync(folder).includes(name), name);
      await session.close();
    }
  });

  test("two files and a server are three places", async () => {
    const places = [{ path: join(folder, "1.db") }, { path: join(folder, "2.db") }, { url: sqld.url }];
    for (const [index, place] of places.entries()) {
      await using session = new SQLiteSession({ ...place, conversationId: "same" });
      assert.deepEqual(await session.getItems(), []);
      await session.addItems([user(`${index}`)]);
    }
    await using again = new SQLiteSession({ url: sqld.url, conversationId: "same" });
    assert.deepEqual(await again.getItems(), [user("2")]);
  });
});

describe("Redis", () => {
  test("a session is forgotten after its time, which each write begins anew", async () => {
    const client = new Redis(redis.url);
    const options = { client, conversationId: "ttl", keyPrefix: "short:" };
    const session = new RedisSession({ ...options, ttl: 600 });
    await session.addItems([user("a")]);
    const keys = (await client.keys("short:*")).sort();
    assert.deepEqual(keys, ["short:{ttl}:items", "short:{ttl}:state"]);
    // As if most of the time had passed.
    for (const key of keys) await client.expire(key, 60);
    await session.addItems([assistant("b")]);
    for (const key of keys) assert.ok((await client.ttl(key)) > 500);
    assert.equal((await session.getItems()).length, 2);

    const brief = new RedisSession({ ...options, ttl: 0.05 });
    await brief.addItems([user("c")]);
    await expect.poll(() => client.keys("short:*")).toEqual([]);
    assert.deepEqual(await session.getItems(), []);
    await session.addItems([user("anew")]);
    assert.deepEqual(await session.getItems(), [user("anew")]);
    await session.close();
    await brief.close();
    assert.equal(client.status, "ready");
    client.disconnect();
  });

  test("all keys of a session share one hash tag, whatever its id", async () => {
    const client = new Redis(redis.url);
    const session = new RedisSession({ client, conversationId: "a}{b:c/d", keyPrefix: "tags:" });
    await session.addItems([user("a")]);
    await session.applyHistoryTransaction({
      operationId: "o",
      transaction: { type: "append_items", items: [user("b")] },
    });
    const tags = (await client.keys("tags:*")).map((key) => key.match(/\{(.+?)\}/)?.[1]);
    assert.deepEqual([tags.length, new Set(tags).size], [3, 1]);
    const ids: string[] = [];
    for await (const id of session.store.list()) ids.push(id);
    assert.deepEqual(ids, ["a}{b:c/d"]);
    client.disconnect();
  });

  test("a prefix keeps applications apart", async () => {
    await using one = new RedisSession({ url: redis.url, conversationId: "same", keyPrefix: "one:" });
    await using two = new RedisSession({ url: redis.url, conversationId: "same", keyPrefix: "two:" });
    await one.addItems([user("a")]);
    assert.deepEqual(await two.getItems(), []);
    assert.throws(() => new RedisSession({ url: redis.url, keyPrefix: "a{b}:" }), { code: "option_invalid" });
    assert.throws(() => new RedisSession({ url: redis.url, ttl: 0 }), { code: "option_invalid" });
  });
});

describe("encryption", () => {
  const old = { id: "2025", key: randomBytes(32) };
  const fresh = { id: "2026", key: randomBytes(32).toString("base64") };

  test("nothing that was said can be found in the file", async () => {
    const path = join(folder, "secret.db");
    const session = new EncryptedSession(new SQLiteSession({ path, conversationId: "s" }), { keys: [old] });
    await session.addItems([user("The word is Rumpelstilzchen"), assistant("Rumpelstilzchen it is")]);
    await session.setMetadata({ title: "About Rumpelstilzchen" });
    await session.summarise(2, [user("Rumpelstilzchen in short")]);
    await session.close();
    for (const name of readdirSync(folder).filter((file) => file.startsWith("secret.db"))) {
      assert.ok(!readFileSync(join(folder, name)).includes("Rumpelstilzchen"), name);
    }
    await using again = new EncryptedSession(new SQLiteSession({ path, conversationId: "s" }), { keys: [fresh, old] });
    assert.deepEqual((await again.info())?.metadata, { title: "About Rumpelstilzchen" });
    assert.equal((await again.history()).length, 2);
  });

  test("an item can't be moved to another place or another session", async () => {
    const store = new MemoryStore();
    const problems: Unreadable[] = [];
    const encrypted = new EncryptedStore(store, { keys: [old], onUnreadable: (problem) => problems.push(problem) });
    const session = new StoreSession({ store: encrypted, id: "s" });
    await session.addItems([user("a"), assistant("b"), user("c")]);
    const [first, second] = await new StoreSession({ store, id: "s" }).history();
    assert.ok(first && second);
    const swapped = [
      { ...first, item: second.item },
      { ...second, item: first.item },
    ];
    await store.commit("s", { replaceItems: swapped, at: 1 });
    assert.deepEqual(await session.getItems(), [user("c")]);
    assert.deepEqual(
      problems.map(({ position }) => position),
      [0, 1],
    );
    const thief = new StoreSession({ store: encrypted, id: "t" });
    await new StoreSession({ store, id: "t" }).addItems([first.item]);
    assert.deepEqual(await thief.getItems(), []);
  });

  test("what can't be decrypted is reported, and its other half does not go to a model", async () => {
    const store = new MemoryStore();
    const problems: Unreadable[] = [];
    const keys = [fresh];
    await new EncryptedSession(new StoreSession({ store, id: "s" }), { keys: [old] }).addItems([user("a"), call("c1")]);
    const now = new EncryptedSession(new StoreSession({ store, id: "s" }), {
      keys,
      onUnreadable: (one) => problems.push(one),
    });
    await now.addItems([result("c1"), assistant("b")]);
    problems.length = 0;
    assert.deepEqual(await now.getItems(), [assistant("b")]);
    assert.equal(problems.length, 2);
    assert.match(problems[0]?.reason ?? "", /key "2025" is not among/);
    assert.equal((await now.info())?.unreadable, 2);
  });

  test("keys are rotated: everything is readable before, during and after", async () => {
    for (const inner of [new MemoryStore(), new LibsqlStore()]) {
      const plain = new StoreSession({ store: inner, id: "s" });
      await plain.addItems([user("in the clear")]);
      await plain.setMetadata({ title: "clear" });
      const before = new EncryptedSession(plain, { keys: [old] });
      await before.addItems([assistant("under the old key"), user("c")]);
      await before.summarise(1, [user("short")]);
      const branch = await before.fork(2, "other");
      await branch.addItems([user("on a branch")]);
      const transaction = { type: "append_items" as const, items: [user("once")] };
      await before.applyHistoryTransaction({ operationId: "o", transaction });
      const both = new EncryptedSession(plain, { keys: [fresh, old] });
      const expected = await both.history();
      const { lastActivityAt } = (await both.info()) ?? {};
      assert.deepEqual(await both.rekey(), { items: 5, unreadable: 0 });
      assert.deepEqual(await both.rekey(), { items: 0, unreadable: 0 });
      assert.equal((await both.info())?.lastActivityAt, lastActivityAt);
      await both.applyHistoryTransaction({ operationId: "o", transaction });
      const after = new EncryptedSession(plain, { keys: [`${fresh.id}:${fresh.key}`] });
      assert.deepEqual(await after.history(), expected);
      assert.deepEqual((await after.info())?.metadata, { title: "clear" });
      assert.deepEqual((await after.getItems())[0], user("short"));
      await after.switchTo("other");
      assert.deepEqual((await after.history()).at(-1)?.item, user("on a branch"));
    }
  });

  test("keys of the wrong length or without a name are refused", () => {
    const store = new MemoryStore();
    for (const keys of [[], [{ id: "short", key: "c2hvcnQ=" }], ["nameless"]]) {
      assert.throws(() => new EncryptedStore(store, { keys }), { code: "keys_invalid" });
    }
  });
});
