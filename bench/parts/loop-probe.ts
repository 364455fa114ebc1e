import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";

/** Imported before a server starts: on SIGUSR2 it leaves a file with the p99 of its event loop's delay since the last one. */
export const probeFile = (process: number): string => join(tmpdir(), `event-loop-${process}.txt`);

if (process.env.NODE_OPTIONS?.includes("loop-probe")) {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  process.on("SIGUSR2", () => {
    writeFileSync(probeFile(process.pid), String(delay.percentile(99) / 1e6));
    delay.reset();
  });
}
