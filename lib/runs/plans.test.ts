import type { InStatement } from "@libsql/client";
import { beforeAll, expect, test, vi } from "vitest";
import { client } from "#db/client.ts";
import { eventLog } from "./events/choose.ts";
import { isLive } from "./live-runs.ts";
import { recoverRuns } from "./recover.ts";
import { migrateWith } from "./testing/people.ts";

/** What is asked all the time must not read every run or event that there ever was. */

beforeAll(() => migrateWith());

/** How SQLite does what is asked of this table meanwhile. */
async function plansOf(table: string, perform: () => Promise<unknown>): Promise<string[]> {
  const asked: Exclude<InStatement, string>[] = [];
  const { execute } = client();
  const spy = vi.spyOn(client(), "execute").mockImplementation((statement: InStatement) => {
    if (typeof statement !== "string") asked.push(statement);
    return execute(statement);
  });
  await perform().finally(() => spy.mockRestore());
  const plans: string[] = [];
  for (const { sql, args } of asked) {
    const { rows } = await client().execute({ sql: `EXPLAIN QUERY PLAN ${sql}`, args });
    plans.push(...rows.map(({ detail }) => String(detail)).filter((detail) => detail.includes(` ${table} `)));
  }
  return plans;
}

test.each([
  ["which runs lost their process", () => recoverRuns(), "SCAN runs USING INDEX runs_live_conversation"],
  [
    "whether a branch is being answered",
    () => isLive("branch"),
    "SEARCH runs USING INDEX runs_one_live_per_branch (branch_id=?)",
  ],
])("%s is read from the index of those that are not over", async (_what, perform, plan) => {
  expect(await plansOf("runs", perform)).toEqual([plan]);
});

test.each([
  [
    "the events of a run",
    () => eventLog().read("run"),
    [
      "SEARCH run_events USING COVERING INDEX run_events_moment (created_at>?)",
      "SEARCH run_events USING COVERING INDEX run_events_begin (run=?)",
      "SEARCH run_events USING INTEGER PRIMARY KEY (rowid=?)",
    ],
  ],
  [
    "what is old enough to be forgotten",
    () => eventLog().forget(0),
    ["SEARCH run_events USING COVERING INDEX run_events_moment (created_at<?)"],
  ],
])("%s: sought by when it was written", async (_what, perform, plan) => {
  expect(await plansOf("run_events", perform)).toEqual(plan);
});
