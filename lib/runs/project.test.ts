import { expect, test } from "vitest";
import type { StoredItem } from "#lib/sessions/store.ts";
import { project, type RunFacts } from "./project.ts";

const asked: StoredItem = {
  segment: "s",
  position: 0,
  item: { role: "user", content: "Hello" },
  agent: null,
  run: "r1",
  createdAt: 0,
};

const run = (id: string, status: RunFacts["status"], createdAt: number): RunFacts => ({
  id,
  status,
  agent: "assistant",
  model: null,
  error: null,
  position: 1,
  createdAt,
  finishedAt: createdAt,
});

const shown = (runs: RunFacts[]) =>
  project([asked], runs, (name) => name).map(({ id, metadata }) => [id, metadata?.status]);

test("a run that wrote nothing shows how it ended", () => {
  expect(shown([run("r1", "failed", 1)])).toEqual([
    ["s:0", undefined],
    ["r1", "failed"],
  ]);
});

test("after several tries that wrote nothing, only the last is shown", () => {
  expect(shown([run("r1", "failed", 1), run("r2", "stopped", 2)])).toEqual([
    ["s:0", undefined],
    ["r2", "stopped"],
  ]);
});
