// Runs every suite, goes on after one that fails, and ends with the sums.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { variables } from "../env.ts";
import { buildWhenStale } from "./build.mjs";
import { readOutcome, summarisePlaywright, summariseVitest } from "./reports.ts";
import { root } from "./root.mjs";
import { installPrograms } from "./system.ts";

process.chdir(root);
// What a developer has configured for their own use must not decide what a test sees.
for (const name of variables) delete process.env[name];
Object.assign(process.env, {
  CI: "1",
  NEXT_TELEMETRY_DISABLED: "1",
  PATH: `${join(root, "node_modules", ".bin")}${delimiter}${process.env.PATH ?? ""}`,
});
delete process.env.NODE_ENV;

const reports = mkdtempSync(join(tmpdir(), "switchboard-tests-"));

function run(command, args, env = {}) {
  return new Promise((resolve) => {
    const end = (complaint, passed = false) => {
      if (complaint) process.stderr.write(`${complaint}\n`);
      resolve(passed);
    };
    const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, ...env } });
    child.on("error", (error) => end(`${command} could not be started: ${error.message}`));
    child.on("exit", (code, signal) => end(signal && `${command} was ended by ${signal}.`, code === 0));
  });
}

const one = (passed, why = "It ended with an error, which is written above.") =>
  passed ? { passed: 1, failed: 0, failures: [] } : { passed: 0, failed: 1, failures: [why] };

/** A suite that fails without naming a failed test (it could not even load) counts as one failure. */
function counted(outcome, ended) {
  if (!outcome) return one(false, "It has left no report.");
  return ended || outcome.failed > 0 ? outcome : { ...one(false), passed: outcome.passed };
}

async function runVitest(project) {
  const path = join(reports, `${project}.json`);
  const ended = await run("vitest", [
    ...["run", "--project", project, "--reporter=default", "--reporter=json"],
    `--outputFile.json=${path}`,
  ]);
  return counted(readOutcome(path, summariseVitest), ended);
}

async function runPlaywright() {
  const path = join(reports, "e2e.json");
  const ended = await run("playwright", ["test", "--reporter=list,json"], { PLAYWRIGHT_JSON_OUTPUT_NAME: path });
  return counted(readOutcome(path, summarisePlaywright), ended);
}

async function build() {
  const complaint = await buildWhenStale();
  if (complaint) process.stderr.write(`${complaint}\n`);
  return !complaint;
}

const suites = [
  ["types", async () => one(await run("tsc", ["--noEmit"]))],
  ["lint", async () => one(await run("biome", ["check", "."]))],
  ["unit", () => runVitest("unit")],
  ["conformance", () => runVitest("conformance")],
  ["build", async () => one(await build())],
  ["end to end", () => runPlaywright()],
];

function finish(results) {
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  process.exitCode = sum("failed") > 0 ? 1 : 0;
  process.stdout.write(`${sum("passed")} passed, ${sum("failed")} failed\n`);
}

const complaint = installPrograms();
if (complaint) {
  process.stderr.write(`${complaint}\n`);
  finish([one(false)]);
} else {
  const results = [];
  for (const [name, prove] of suites) {
    process.stdout.write(`\n== ${name}\n`);
    const began = performance.now();
    const outcome = await prove();
    results.push({ name, ...outcome, seconds: Math.round((performance.now() - began) / 1000) });
  }
  // Once more at the end, where it is found without a search.
  for (const { name, failures } of results)
    for (const failure of failures) process.stdout.write(`\nFailed in ${name}: ${failure}\n`);
  process.stdout.write("\n");
  for (const { name, passed, failed, seconds } of results)
    process.stdout.write(`${name}: ${passed} passed, ${failed} failed, ${seconds} s\n`);
  finish(results);
}
rmSync(reports, { recursive: true, force: true });
