import { existsSync, readFileSync, rmSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { probeFile } from "./loop-probe.ts";

/** What the system knows of a process (Linux). */

const ticksPerSecond = 100;

/** Seconds of processor time that it has used. */
export function cpuSeconds(process: number): number {
  const fields = readFileSync(`/proc/${process}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

const status = (process: number, field: string): number =>
  Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${process}/status`, "utf8"))?.[1]) / 1024;

/** Resident memory in MB. */
export const memory = (process: number): number => status(process, "VmRSS");

/** Follows the resident memory until it is asked for the highest value, in MB. */
export function followMemory(process: number): () => number {
  let peak = memory(process);
  const timer = setInterval(() => {
    peak = Math.max(peak, memory(process));
  }, 100);
  return () => {
    clearInterval(timer);
    return peak;
  };
}

/** The p99 of the event loop's delay since this was last asked, in milliseconds. The process has loaded loop-probe.ts. */
export async function loopDelay(pid: number): Promise<number> {
  rmSync(probeFile(pid), { force: true });
  process.kill(pid, "SIGUSR2");
  for (;;) {
    if (existsSync(probeFile(pid))) {
      const text = readFileSync(probeFile(pid), "utf8");
      if (text) return Number(text);
    }
    await wait(10);
  }
}
