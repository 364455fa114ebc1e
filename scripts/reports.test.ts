import { expect, test } from "vitest";
import { summarisePlaywright, summariseVitest } from "./reports.ts";

test("what vitest reports: what failed, what was not run and what could not be loaded, each by its name", () => {
  const asserted = (fullName: string, status: string, ...failureMessages: string[]) => ({
    fullName,
    status,
    failureMessages,
  });
  const { passed, failed, failures } = summariseVitest({
    testResults: [
      { name: `${process.cwd()}/lib/absent.test.ts`, message: "Cannot find module './nope.ts'", assertionResults: [] },
      {
        name: `${process.cwd()}/lib/some.test.ts`,
        message: "",
        assertionResults: [
          asserted("adds", "passed"),
          asserted(
            "subtracts",
            "failed",
            `\u001b[31mexpected 1 to be 2\u001b[39m\n    at file.ts\n${"more\n".repeat(90)}`,
          ),
          asserted("divides", "skipped"),
        ],
      },
    ],
  });
  expect({ passed, failed }).toEqual({ passed: 1, failed: 3 });
  expect(failures[0]).toBe("lib/absent.test.ts\n  Cannot find module './nope.ts'");
  expect(failures[1]).toMatch(/^lib\/some\.test\.ts › subtracts\n {2}expected 1 to be 2\n/);
  expect(failures[1]?.split("\n").length).toBeLessThan(30);
  expect(failures[2]).toContain("divides\n  It was skipped.");
});

test("what Playwright reports: also of groups within groups, and what passed at the second try only", () => {
  const spec = (title: string, status: string, ...messages: string[]) => ({
    title,
    file: "chat.spec.ts",
    tests: [{ status, results: messages.map((message) => ({ status: "failed", error: { message } })) }],
  });
  const { passed, failed, failures } = summarisePlaywright({
    errors: [{ message: "The server did not start" }],
    suites: [
      {
        specs: [spec("sends", "expected")],
        suites: [
          { specs: [spec("stops", "unexpected", "Timed out"), spec("waits", "flaky"), spec("reads", "skipped")] },
        ],
      },
    ],
  });
  expect({ passed, failed }).toEqual({ passed: 1, failed: 4 });
  expect(failures).toEqual([
    "Before or after the tests\n  The server did not start",
    "e2e/chat.spec.ts › stops\n  Timed out",
    "e2e/chat.spec.ts › waits\n  It was flaky.",
    "e2e/chat.spec.ts › reads\n  It was skipped.",
  ]);
});
