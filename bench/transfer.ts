import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { printTable } from "./parts/table.ts";

/**
 * How long it takes to look through, to import and to export a large file, and the most memory that
 * the process holds meanwhile. `npm run bench transfer` uses 500 MB; for another size in MB:
 * `node bench/transfer.ts 50`.
 */

const megabytes = Number(process.argv[2] ?? 500);
const folder = mkdtempSync(join(tmpdir(), "switchboard-bench-transfer-"));
const file = join(folder, "conversations.json");
const child = join(import.meta.dirname, "parts/transfer-child.ts");

interface Measured {
  seconds: number;
  idle: number;
  peak: number;
  result: string;
}

function measure(step: string): Measured {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--max-semi-space-size=4", child, step, file], {
    env: { ...process.env, DATA_DIR: folder, LOG_LEVEL: "silent" },
    encoding: "utf8",
    maxBuffer: 64 * 1024 ** 2,
  });
  const last = stdout.trim().split("\n").at(-1);
  if (status !== 0 || !last) throw new Error(`${step} failed: ${stderr}`);
  return JSON.parse(last);
}

/** A ChatGPT export of this size: conversations of 40 messages, some in other scripts. */
async function writeExport(): Promise<number> {
  const out = createWriteStream(file);
  const words = 'The quick brown fox, "quoted", jumps\nover the lazy dog; Grüße aus 東京. '.repeat(10);
  let size = 0;
  let count = 0;
  out.write("[");
  for (; size < megabytes * 1_000_000; count++) {
    const text = `${count === 0 ? "" : ","}${JSON.stringify(conversation(count, words))}`;
    size += text.length;
    if (!out.write(text)) await once(out, "drain");
  }
  out.end("]");
  await once(out, "finish");
  return count;
}

function conversation(number: number, words: string) {
  const mapping: Record<string, unknown> = { root: { id: "root", parent: null, children: ["n0"], message: null } };
  for (let index = 0; index < 40; index++) {
    mapping[`n${index}`] = {
      id: `n${index}`,
      parent: index === 0 ? "root" : `n${index - 1}`,
      children: index < 39 ? [`n${index + 1}`] : [],
      message: {
        id: `n${index}`,
        author: { role: index % 2 === 0 ? "user" : "assistant", name: null, metadata: {} },
        create_time: 1_700_000_000.5 + number * 100 + index,
        content: { content_type: "text", parts: [`${words}${number} ${index}`] },
        status: "finished_successfully",
        weight: 1,
        recipient: "all",
        metadata: { model_slug: "gpt-4o" },
      },
    };
  }
  const create_time = 1_700_000_000 + number * 100;
  return {
    id: `c${number}`,
    title: `Conversation ${number}`,
    create_time,
    update_time: create_time,
    current_node: "n39",
    mapping,
  };
}

try {
  const count = await writeExport();
  const size = Math.round(statSync(file).size / 1_000_000);
  console.log(`${count} conversations, ${count * 40} messages, a file of ${size} MB.\n`);
  const rows = [
    ["look through", measure("look")],
    ["import", measure("import")],
    ["import again", measure("import")],
    ["export as ZIP", measure("export")],
  ] as const;
  printTable("Memory is what the process has, in MB: after its start, and at most.", [
    ["", "seconds", "start", "most", "result"],
    ...rows.map(([name, { seconds, idle, peak, result }]) => [
      name,
      seconds.toFixed(1),
      String(idle),
      String(peak),
      result,
    ]),
  ]);
} finally {
  rmSync(folder, { recursive: true });
}
