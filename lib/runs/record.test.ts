import { randomUUID } from "node:crypto";
import type { AgentInputItem } from "@openai/agents";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { client } from "#db/client.ts";
import { runs } from "#db/schema.ts";
import { rowInsert } from "#db/statements.ts";
import { ownRun, type User } from "#lib/access.ts";
import { insertConversation, newConversation } from "#lib/conversations.ts";
import { commit, history } from "#lib/history.ts";
import { applyChange } from "#lib/sessions/apply.ts";
import { planCreate } from "#lib/sessions/changes.ts";
import { lineage } from "#lib/sessions/segments.ts";
import { newRun } from "./begin.ts";
import { type Ending, RunLostError, RunRecord } from "./record.ts";
import { migrateWith } from "./testing/people.ts";

/** What is written of one run by two processes, of which each takes it for its own, and over a line that breaks. */

const alice: User = { id: "alice", name: "Alice", email: null, role: "member" };
const moment = Date.UTC(2026, 10, 30);

beforeAll(() => migrateWith(alice));
afterEach(() => {
  vi.restoreAllMocks();
});

const said = (text: string): AgentInputItem => ({
  role: "assistant",
  status: "completed",
  content: [{ type: "output_text", text }],
});

/** A run that has just begun, and what a process that takes it for its own writes with. */
async function begun() {
  const conversation = newConversation(alice, "general", "Hello", moment);
  const operation = randomUUID();
  const change = planCreate({ items: [{ role: "user", content: "Hello" }], at: moment, run: operation });
  const place = { operation, conversation: conversation.id, branch: change.current ?? "", position: 1 };
  const run = newRun(alice, { ...place, agent: "triage" }, moment);
  await commit(conversation.id, change, [insertConversation(conversation), rowInsert(runs)(run)]);
  const state = applyChange(conversation.id, undefined, change);
  return { run, record: () => new RunRecord(run, state) };
}

/** How the run stands in the database, and all that was said in it. */
async function stored({ run }: Awaited<ReturnType<typeof begun>>) {
  const state = await history().load(run.conversationId);
  const items = state ? await history().read(state.id, lineage(state, run.branchId)) : [];
  const { status } = await ownRun(alice, run.id);
  return { status, items: items.slice(1).map(({ item }) => item) };
}

const finish = (record: RunRecord, text: string, ending: Ending) =>
  record.finish([{ items: [said(text)], agent: "triage" }], ending);

/** The server does what it is asked, and the line breaks before its answer is there. */
function loseNextAnswer(): void {
  const { batch } = client();
  vi.spyOn(client(), "batch").mockImplementationOnce(async (...given) => {
    await batch.apply(client(), given);
    throw new TypeError("fetch failed");
  });
}

test("of two that end a run in the same millisecond, one has ended it, and the other has lost it", async () => {
  const live = await begun();
  const [first, second] = [live.record(), live.record()];
  vi.spyOn(Date, "now").mockReturnValue(moment + 1000);
  await finish(first, "what was seen of it", { status: "interrupted" });
  await expect(finish(second, "what was seen of it, and more", { status: "failed" })).rejects.toThrow(RunLostError);
  expect(await stored(live)).toEqual({ status: "interrupted", items: [said("what was seen of it")] });
});

test("of two that add to a run in the same millisecond, both are kept, one after the other", async () => {
  const live = await begun();
  const [first, second] = [live.record(), live.record()];
  vi.spyOn(Date, "now").mockReturnValue(moment + 1000);
  await first.append({ items: [said("one")], agent: "triage" });
  await second.append({ items: [said("two")], agent: "triage" });
  expect((await stored(live)).items).toEqual([said("one"), said("two")]);
});

test("a write whose answer was lost on the way is done once, and known to be done", async () => {
  const live = await begun();
  const record = live.record();
  loseNextAnswer();
  await record.append({ items: [said("first")], agent: "triage" });
  loseNextAnswer();
  const finished = await finish(record, "last", { status: "completed" });
  expect(finished).toMatchObject({ status: "completed", end: 3 });
  expect(await stored(live)).toEqual({ status: "completed", items: [said("first"), said("last")] });
});

test("a run that waits, where the word of it was lost on the way, is known to wait", async () => {
  const live = await begun();
  loseNextAnswer();
  expect(await live.record().wait(["call-1"], {})).toBe(true);
  expect(await ownRun(alice, live.run.id)).toMatchObject({ status: "waiting", approvals: [{ call: "call-1" }] });
  await expect(live.record().wait(["call-1"], {})).rejects.toThrow(RunLostError);
});
