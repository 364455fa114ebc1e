// `npm run bench [name]`: runs every file of this folder, or one, each in a process of its own.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join, parse } from "node:path";

const folder = import.meta.dirname;
const benchmarks = readdirSync(folder)
  .filter((file) => /\.(ts|mjs)$/.test(file) && file !== "run.mjs" && !file.includes(".test."))
  .sort();
const wanted = process.argv[2];
const chosen = wanted ? benchmarks.filter((file) => parse(file).name === wanted) : benchmarks;

if (chosen.length === 0) {
  const names = benchmarks.map((file) => parse(file).name).join(", ");
  process.stderr.write(`There is no benchmark called ${wanted}. There are: ${names}.\n`);
  process.exit(1);
}
let failed = 0;
for (const file of chosen) {
  const { status } = spawnSync(process.execPath, [join(folder, file)], { stdio: "inherit" });
  if (status !== 0) failed += 1;
}
process.exit(failed > 0 ? 1 : 0);
