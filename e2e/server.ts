import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { variables } from "../env.ts";
import { freePort } from "../lib/sessions/testing/servers.ts";
import project from "../package.json" with { type: "json" };

const root = join(import.meta.dirname, "..");
/** What `npm start` gives to Node. */
const start = project.scripts.start.split(" ").slice(1);

export interface Server {
  url: string;
  dataDir: string;
  process: number;
  /** All that the process has printed so far. */
  output: () => string;
  stop: () => Promise<void>;
  /** Ends it as a power cut would, and leaves what it has kept. */
  kill: () => Promise<void>;
}

export const newDataDir = () => mkdtemp(join(tmpdir(), "switchboard-e2e-"));

/** Does what `npm start` does, with this environment and nothing of the developer's own. */
export function launch(environment: Record<string, string>): { child: ChildProcess; output: () => string } {
  // An empty value counts as absent, and keeps a .env file from setting it.
  const blank = Object.fromEntries(variables.map((name) => [name, ""]));
  const child = spawn(process.execPath, start, {
    cwd: root,
    // As under npm: the server ends when this process does.
    env: { ...process.env, npm_lifecycle_event: "start", ...blank, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (printed += text));
  return { child, output: () => printed };
}

/** Resolves when the server has said that it answers. */
export async function startServer(environment: Record<string, string> = {}): Promise<Server> {
  const port = Number(environment.PORT ?? (await freePort()));
  const dataDir = environment.DATA_DIR ?? (await newDataDir());
  const { child, output } = launch({ PORT: String(port), DATA_DIR: dataDir, LOG_LEVEL: "error", ...environment });
  const ended = once(child, "exit");
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on("data", () => {
      if (output().includes("Model: ")) resolve();
    });
    child.on("exit", (code) => reject(new Error(`The server ended with ${code}:\n${output()}`)));
  });
  return {
    url: `http://localhost:${port}`,
    dataDir,
    process: child.pid ?? 0,
    output,
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
      if (!environment.DATA_DIR) await rm(dataDir, { recursive: true, force: true });
    },
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
