// What the reports of vitest and of playwright say, so that whoever sees only the end of a run knows what failed.
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { stripVTControlCharacters } from "node:util";

export interface Outcome {
  passed: number;
  failed: number;
  /** Each test that failed or was not run: its name, and why. */
  failures: string[];
}

const mostLines = 20;
const longestLine = 400;

function entry(name: string, why: string | undefined): string {
  const lines = stripVTControlCharacters(why ?? "").split("\n");
  const shown = lines.slice(0, mostLines).filter((line) => line.trim());
  return [name, ...shown.map((line) => `  ${line.slice(0, longestLine)}`)].join("\n");
}

interface VitestReport {
  testResults: {
    name: string;
    message: string;
    assertionResults: { fullName: string; status: string; failureMessages: string[] | null }[];
  }[];
}

export function summariseVitest({ testResults }: VitestReport): Outcome {
  const failures: string[] = [];
  let passed = 0;
  for (const { name, message, assertionResults } of testResults) {
    const file = relative(process.cwd(), name);
    // A file that cannot be loaded has no tests to name.
    if (assertionResults.length === 0) failures.push(entry(file, message));
    for (const { fullName, status, failureMessages } of assertionResults) {
      if (status === "passed") passed += 1;
      // One that was not run has proved nothing; what came before it may say why.
      else failures.push(entry(`${file} › ${fullName}`, failureMessages?.join("\n") || `It was ${status}. ${message}`));
    }
  }
  return { passed, failed: failures.length, failures };
}

interface PlaywrightSuite {
  suites?: PlaywrightSuite[];
  specs: {
    title: string;
    file: string;
    tests: { status: string; results: { status: string; error?: { message?: string } }[] }[];
  }[];
}
interface PlaywrightReport {
  suites: PlaywrightSuite[];
  errors: { message?: string }[];
}

export function summarisePlaywright({ suites, errors }: PlaywrightReport): Outcome {
  const failures = errors.map(({ message }) => entry("Before or after the tests", message));
  let passed = 0;
  const visit = ({ suites: inner = [], specs }: PlaywrightSuite) => {
    for (const { title, file, tests } of specs) {
      for (const { status, results } of tests) {
        if (status === "expected") passed += 1;
        // One that passes at the second try has failed at the first.
        else
          failures.push(
            entry(`e2e/${file} › ${title}`, results.find(({ error }) => error)?.error?.message ?? `It was ${status}.`),
          );
      }
    }
    for (const suite of inner) visit(suite);
  };
  for (const suite of suites) visit(suite);
  return { passed, failed: failures.length, failures };
}

/** What the report at this path says; nothing when there is none. */
export function readOutcome<Report>(path: string, summarise: (report: Report) => Outcome): Outcome | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
  return summarise(JSON.parse(text));
}
