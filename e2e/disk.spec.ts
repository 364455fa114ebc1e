import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, statfsSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type Client, createClient } from "@libsql/client";
import { expect, test } from "@playwright/test";
import { freePort } from "../lib/sessions/testing/servers.ts";
import { authSecret, cookieOf, createPerson } from "./people.ts";
import { launch, newDataDir, type Server, startServer } from "./server.ts";
import { itemsOf, say, type Turn, taken, trySay, wordsOf } from "./turns.ts";
import { Viewer } from "./viewer.ts";
import { Visitor } from "./visitor.ts";
import { storyOf, tellStories, WildModel } from "./wild-model.ts";

/** What the disk and its other users can do to the database, and what a person sees of it. */

test.describe.configure({ mode: "default", timeout: 60_000 });

async function startWith(dataDir: string, model: WildModel): Promise<Server> {
  await model.start();
  tellStories(model, 20);
  return startServer({
    ...{ DATA_DIR: dataDir, AUTH_SECRET: authSecret },
    ...{ OPENAI_BASE_URL: model.url, OPENAI_API_KEY: "test-key", OPENAI_MODEL: "wild" },
  });
}

const openDatabase = (dataDir: string): Client =>
  createClient({ url: `file:${join(dataDir, "switchboard.db")}`, concurrency: 1, timeout: 5000 });

async function tells(server: Server, cookies: string, { run }: Turn, name: string): Promise<void> {
  const viewer = new Viewer(server.url, cookies, run);
  await viewer.follow();
  expect(viewer.message.metadata?.status).toBe("completed");
  expect(viewer.text).toBe(storyOf(name).flat().join(""));
}

test("a database that another program locks is waited for, refused with a sentence, and used again", async () => {
  const dataDir = await newDataDir();
  const model = new WildModel();
  const server = await startWith(dataDir, model);
  const cookies = await cookieOf(await createPerson(dataDir, "Alice"));
  const visitor = new Visitor(server.url, cookies);
  const other = openDatabase(dataDir);

  const running = await say(visitor, "Tell before", { agent: "technical" });
  const lock = await other.transaction("write");
  const refused = await trySay(visitor, "Tell refused", { agent: "technical" });
  expect(refused).toEqual({
    ok: false,
    error: {
      code: "unavailable",
      message: "The database is locked by another program, so nothing was saved. Try again in a moment.",
    },
  });
  // Whoever only reads is not held up.
  expect((await visitor.open(`/c/${running.conversation}`)).status).toBe(200);
  const patient = trySay(visitor, "Tell patient", { agent: "technical" });
  expect((await visitor.ask("/api/health")).status).toBe(200);
  await lock.rollback();
  other.close();

  await tells(server, cookies, taken(await patient), "patient");
  await tells(server, cookies, running, "before");
  await tells(server, cookies, await say(visitor, "Tell after", { agent: "technical" }), "after");
  const listed = await visitor.open("/");
  expect(listed.text).not.toContain("Tell refused");

  await server.stop();
  await model.stop();
  await rm(dataDir, { recursive: true });
});

/** A file that takes all the room there is. */
function fill(folder: string): string {
  const path = join(folder, "ballast");
  const { bavail, bsize } = statfsSync(folder);
  try {
    writeFileSync(path, Buffer.alloc(Number(bavail) * Number(bsize) + 4096));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
  }
  return path;
}

test("a disk that is full refuses with a sentence, still reads, and works again once there is room", async () => {
  const parent = await newDataDir();
  const dataDir = join(parent, "small");
  mkdirSync(dataDir);
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=16m", "tmpfs", dataDir]);
  expect(mounted.status, `This test mounts a small disk, as root: ${mounted.stderr}`).toBe(0);
  const model = new WildModel();
  const server = await startWith(dataDir, model);
  try {
    const cookies = await cookieOf(await createPerson(dataDir, "Alice"));
    const visitor = new Visitor(server.url, cookies);
    const first = await say(visitor, "Tell first", { agent: "technical" });
    await tells(server, cookies, first, "first");
    const before = await itemsOf(visitor, first.conversation);

    const running = await say(visitor, "Tell running", { agent: "technical" });
    const ballast = fill(dataDir);
    // What SQLite still has room for in its log is used up first.
    let refused = await trySay(visitor, `Tell more ${"x".repeat(50_000)}`);
    for (let sent = 0; refused?.ok && sent < 60; sent++) {
      refused = await trySay(visitor, `Tell more-${sent} ${"x".repeat(90_000)}`);
    }
    expect(refused).toEqual({
      ok: false,
      error: {
        code: "unavailable",
        message: "The server's disk is full, so nothing was saved. Try again when its operator has made room.",
      },
    });
    expect((await visitor.open(`/c/${first.conversation}`)).text).toContain("first.2.24");

    await rm(ballast);
    await expect
      .poll(async () => (await trySay(visitor, "Tell again", { agent: "technical" }))?.ok, { timeout: 10_000 })
      .toBe(true);
    await tells(server, cookies, running, "running");
    expect(await itemsOf(visitor, first.conversation)).toEqual(before);
    const client = openDatabase(dataDir);
    expect((await client.execute("PRAGMA integrity_check")).rows[0]?.integrity_check).toBe("ok");
    client.close();
    expect((await itemsOf(visitor, running.conversation)).map(wordsOf)[0]).toBe("Tell running");
  } finally {
    await server.stop();
    await model.stop();
    spawnSync("umount", ["-l", dataDir]);
    await rm(parent, { recursive: true });
  }
});

test("a start whose data cannot be kept says so in one line", async () => {
  const folder = await newDataDir();
  const file = join(folder, "file");
  writeFileSync(file, "in the way");
  const { child, output } = launch({
    PORT: String(await freePort()),
    DATA_DIR: join(file, "data"),
    LOG_LEVEL: "error",
  });
  const [code] = await once(child, "close");
  expect(code).toBe(1);
  expect(output()).toContain(
    `DATA_DIR ${join(file, "data")} cannot be written to. Give this account the right to, or choose another place.\n`,
  );
  expect(output()).not.toMatch(/ {4}at |Error:/);
  await rm(folder, { recursive: true });
});
