// Runs every suite, goes on after one that fails, and ends with the sums.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { variables } from "../env.ts";
import { buildWhenStale } from "./build.mjs";
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

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

const one = (passed) => (passed ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });

/** A suite that fails without naming a failed test (it could not even load) counts as one failure. */
const counted = (passed, failed, ended) => ({ passed, failed: ended ? failed : Math.max(failed, 1) });

async function runVitest(project) {
  const path = join(reports, `${project}.json`);
  const ended = await run("vitest", [
    ...["run", "--project", project, "--reporter=default", "--reporter=json"],
    `--outputFile.json=${path}`,
  ]);
  const report = readReport(path);
  if (!report) return one(false);
  // A test that was skipped has proved nothing.
  const notRun = report.numPendingTests + report.numTodoTests;
  return counted(report.numPassedTests, report.numFailedTests + notRun, ended);
}

async function runPlaywright() {
  const path = join(reports, "e2e.json");
  const ended = await run("playwright", ["test", "--reporter=list,json"], { PLAYWRIGHT_JSON_OUTPUT_NAME: path });
  const stats = readReport(path)?.stats;
  if (!stats) return one(false);
  return counted(stats.expected, stats.unexpected + stats.flaky + stats.skipped, ended);
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
    const { passed, failed } = await prove();
    results.push({ name, passed, failed, seconds: Math.round((performance.now() - began) / 1000) });
  }
  process.stdout.write("\n");
  for (const { name, passed, failed, seconds } of results)
    process.stdout.write(`${name}: ${passed} passed, ${failed} failed, ${seconds} s\n`);
  finish(results);
}
rmSync(reports, { recursive: true, force: true });
