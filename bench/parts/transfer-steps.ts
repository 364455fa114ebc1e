import { spawnSync } from "node:child_process";
import { join } from "node:path";
import project from "../../package.json" with { type: "json" };

/** What is measured of a step: seconds, MB of memory before it and at most, milliseconds for which others wait. */
export interface Measured {
  seconds: number;
  idle: number;
  peak: number;
  /** p99. */
  delay: number;
  longest: number;
  result: string;
}

/** What `npm run import` and `npm run export` give to Node. */
const flags = project.scripts.import.split(" ").slice(1, -1);
const child = join(import.meta.dirname, "transfer-child.ts");

/** Performs a step as `npm run import` and `npm run export` do, in a process of its own. */
export function measureStep(step: string, folder: string, file: string): Measured {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, child, step, file], {
    env: { ...process.env, DATA_DIR: folder, LOG_LEVEL: "silent" },
    encoding: "utf8",
    maxBuffer: 64 * 1024 ** 2,
  });
  const last = stdout.trim().split("\n").at(-1);
  if (status !== 0 || !last) throw new Error(`${step} failed: ${stderr}`);
  // A long run is told step by step.
  console.error(`${step}: ${last}`);
  return JSON.parse(last);
}
