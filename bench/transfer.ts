import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { printTable } from "./parts/table.ts";
import { writeExport } from "./parts/transfer-file.ts";
import { measureServer } from "./parts/transfer-server.ts";
import { type Measured, measureStep } from "./parts/transfer-steps.ts";

/**
 * How long it takes to look through, to import and to export a large file, the most memory that the
 * process holds meanwhile, and how long it keeps others waiting. In a shell the bounds are: an import
 * of 500 MB stays below 256 MB with all that Node and the program need themselves; an export of 1 GB
 * holds at most 64 MB more than the process at rest. Each conversation is exported twice over, so that
 * a file of 500 MB makes an export of 1 GB. In a server both are told over its memory at rest.
 *
 * `npm run bench transfer` uses 500 MB. For another size in MB, or only one of the two:
 * `node bench/transfer.ts 50 shell`.
 */

const megabytes = Number(process.argv[2] ?? 500);
const only = process.argv[3];
const folder = mkdtempSync(join(tmpdir(), "switchboard-bench-transfer-"));
const file = join(folder, "conversations.json");

try {
  const count = await writeExport(file, megabytes);
  const size = Math.round(statSync(file).size / 1_000_000);
  console.log(`${count} conversations, ${count * 40} messages, a file of ${size} MB.`);
  if (only !== "server") {
    const steps = [
      ["look through", "look"],
      ["import", "import"],
      ["import again", "import"],
      ["(make it twice as much)", "double"],
      ["export as ZIP", "export"],
    ] as const;
    print(
      "In a shell",
      "loop",
      steps.map(([name, step]) => [name, measureStep(step, folder, file)]),
    );
  }
  if (only !== "shell") print("In a server, through its routes", "request", await measureServer(file));
} finally {
  rmSync(folder, { recursive: true });
}

function print(where: string, what: string, rows: [string, Measured][]): void {
  printTable(
    `${where}. Memory (RSS) in MB: at rest, at most, and the difference. Delay of the event loop or of another request in ms.`,
    [
      ["", "seconds", "at rest", "at most", "more", `${what} p99`, "longest", "result"],
      ...rows.map(([name, { seconds, idle, peak, delay, longest, result }]) => [
        name,
        seconds.toFixed(1),
        idle.toFixed(0),
        peak.toFixed(0),
        (peak - idle).toFixed(0),
        delay.toFixed(0),
        longest.toFixed(0),
        result,
      ]),
    ],
  );
}
