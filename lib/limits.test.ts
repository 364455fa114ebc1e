import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { giveBack, limit, limitersOn } from "./limits.ts";

vi.hoisted(() => Object.assign(process.env, { REDIS_URL: "", LOG_LEVEL: "silent" }));

describe("in memory", () => {
  test("lets through what is allowed, then says when to come back", async () => {
    for (let i = 0; i < 60; i++) await limit("send", "alice");
    await expect(limit("send", "alice")).rejects.toMatchObject({
      code: "rate_limited",
      message: expect.stringMatching(/Try again in \d+ seconds/),
    });
    await limit("send", "bob");
  });

  test("a hundred sign-ups from one address pass", async () => {
    for (let i = 0; i < 100; i++) await limit("signUp", "203.0.113.9");
  });

  test("kinds count apart, and what was given back counts no more", async () => {
    for (let i = 0; i < 25; i++) {
      await limit("signIn", "carol@example.com");
      await giveBack("signIn", "carol@example.com");
    }
    for (let i = 0; i < 10; i++) await limit("signIn", "carol@example.com");
    await expect(limit("signIn", "carol@example.com")).rejects.toMatchObject({ code: "rate_limited" });
    await limit("send", "carol@example.com");
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

describe("in Redis", () => {
  let folder: string;
  let port: number;
  let server: ChildProcess;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "switchboard-"));
    port = await freePort();
    server = spawn("redis-server", ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]);
    const probe = new Redis(port, "127.0.0.1", { maxRetriesPerRequest: null, retryStrategy: () => 50 });
    probe.on("error", () => undefined);
    await probe.ping();
    probe.disconnect();
  });

  afterEach(async () => {
    if (server.exitCode === null && server.signalCode === null) {
      server.kill("SIGKILL");
      await once(server, "exit");
    }
    rmSync(folder, { recursive: true });
  });

  test("two processes count together, and a dead store lets nobody through, at once", async () => {
    const url = `redis://127.0.0.1:${port}`;
    const [one, two] = [limitersOn(url), limitersOn(url)];
    for (let i = 0; i < 5; i++) await Promise.all([limit("signIn", "dan", one), limit("signIn", "dan", two)]);
    await expect(limit("signIn", "dan", one)).rejects.toMatchObject({ code: "rate_limited" });
    await limit("signIn", "erin", one);

    server.kill("SIGKILL");
    await once(server, "exit");
    const start = performance.now();
    await expect(limit("signIn", "erin", one)).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringMatching(/lets nobody through/),
    });
    await expect(limit("send", "erin", two)).rejects.toMatchObject({ code: "unavailable" });
    expect(performance.now() - start).toBeLessThan(5000);
  }, 30_000);
});

test("a store that accepts and never answers lets nobody through either", async () => {
  const mute = createServer().listen(0, "127.0.0.1");
  await once(mute, "listening");
  const address = mute.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const start = performance.now();
  const refusal = limit("guest", "203.0.113.9", limitersOn(`redis://127.0.0.1:${address.port}`));
  await expect(refusal).rejects.toMatchObject({ code: "unavailable" });
  expect(performance.now() - start).toBeLessThan(5000);
  mute.close();
}, 10_000);
