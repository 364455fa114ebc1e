import assert from "node:assert/strict";
import { z } from "zod";
import { assistant, call, reasoning, result, user, type WithSession } from "./harness.ts";

const RUN = { tracingDisabled: true };
const USAGE = { requests: 1, inputTokens: 100, outputTokens: 20, totalTokens: 120 };

/** Loaded by the tests that need it, so that a program that only keeps sessions does not load the SDK for them. */
async function loadSdk() {
  return { ...(await import("@openai/agents")), ...(await import("@openai/agents/testing")) };
}

/** What a session must do for the SDK's runner. */
export function testRunner(withSession: WithSession): void {
  withSession("the runner continues from the session", async (session) => {
    const { Agent, assistantMessage, Runner, ScriptedModel } = await loadSdk();
    const model = new ScriptedModel([[assistantMessage("Hello Ada")], [assistantMessage("Ada")]]);
    const agent = new Agent({ name: "Assistant", model });
    const runner = new Runner(RUN);
    await runner.run(agent, "I am Ada", { session });
    const second = await runner.run(agent, "Who am I?", { session });
    assert.equal(second.finalOutput, "Ada");
    assert.equal(model.lastCall?.request.input.length, 3);
    assert.equal((await session.getItems()).length, 4);
  });

  withSession("agents, models and runs are written down by themselves", async (session) => {
    const { Agent, assistantMessage, functionCall, handoff, Runner, ScriptedModel } = await loadSdk();
    const billing = new Agent({
      name: "Billing",
      model: new ScriptedModel([[assistantMessage("Refunded")], [assistantMessage("Welcome")]]),
    });
    const script = [functionCall("transfer_to_Billing", {}, { callId: "h1" })];
    const triage = new Agent({ name: "Triage", model: new ScriptedModel([script]), handoffs: [handoff(billing)] });
    const runner = new Runner(RUN);
    session.observe(runner);
    await runner.run(triage, "Refund me", { session });
    const history = await session.history();
    assert.deepEqual(
      history.map(({ agent }) => agent),
      [null, "Triage", "Triage", "Billing"],
    );
    assert.equal(new Set(history.map(({ run }) => run)).size, 1);
    assert.equal((await session.info())?.agent, "Billing");
    await runner.run(billing, "Thanks", { session });
    assert.equal(new Set((await session.history()).map(({ run }) => run)).size, 2);
    const turns = await session.turns();
    assert.deepEqual(
      turns.map(({ agents }) => agents),
      [["Triage", "Billing"], ["Billing"]],
    );
  });

  withSession("what a turn costs is written down by itself, on its branch", async (session) => {
    const { Agent, assistantMessage, functionCall, Runner, ScriptedModel, tool, Usage } = await loadSdk();
    const lookup = tool({
      name: "lookup",
      description: "Looks up an order",
      parameters: z.object({ order: z.string() }),
      execute: async () => "found",
    });
    const steps = [
      { usage: new Usage(USAGE), output: [functionCall("lookup", { order: "A-1" }, { callId: "c1" })] },
      { usage: new Usage(USAGE), output: [assistantMessage("It is there")] },
      { usage: new Usage(USAGE), output: [assistantMessage("Yes")] },
      { usage: new Usage(USAGE), output: [assistantMessage("No")] },
    ];
    const agent = new Agent({ name: "Orders", model: new ScriptedModel(steps), tools: [lookup] });
    const runner = new Runner(RUN);
    await runner.run(agent, "Where is A-1?", { session });
    const fork = await session.fork(4, "other");
    await runner.run(agent, "Sure?", { session });
    await runner.run(agent, "Really?", { session: fork });
    const costs = (await session.turns()).map(({ usage }) => [usage.requests, usage.totalTokens]);
    assert.deepEqual(costs, [
      [2, 240],
      [1, 120],
    ]);
    assert.equal((await session.usage()).total.inputTokens, 300);
    assert.equal((await fork.usage()).total.inputTokens, 300);
  });

  withSession("a history transaction is done once and only as it was", async (session) => {
    await session.addItems([user("a"), assistant("b")]);
    const append = { type: "append_items" as const, items: [user("c")] };
    await session.applyHistoryTransaction({ operationId: "1", transaction: append });
    await session.applyHistoryTransaction({ operationId: "1", transaction: append });
    const replace = {
      type: "replace_suffix" as const,
      expectedSuffix: [assistant("b"), user("c")],
      replacement: [user("d")],
    };
    await session.applyHistoryTransaction({ operationId: "2", transaction: replace });
    await session.applyHistoryTransaction({ operationId: "2", transaction: replace });
    assert.deepEqual(await session.getItems(), [user("a"), user("d")]);
    await assert.rejects(
      session.applyHistoryTransaction({ operationId: "1", transaction: { ...append, items: [user("x")] } }),
      { code: "operation_reused" },
    );
    await assert.rejects(session.applyHistoryTransaction({ operationId: "3", transaction: replace }), {
      code: "suffix_changed",
    });
    await assert.rejects(session.applyHistoryTransaction({ operationId: " ", transaction: append }), {
      code: "option_invalid",
    });
    assert.deepEqual(await session.getItems(), [user("a"), user("d")]);
  });

  withSession("a history transaction leaves a branch its past", async (session) => {
    await session.addItems([user("a"), assistant("b")]);
    const fork = await session.fork(2, "other");
    const transaction = {
      type: "replace_suffix" as const,
      expectedSuffix: [assistant("b")],
      replacement: [assistant("B")],
    };
    await session.applyHistoryTransaction({ operationId: "1", transaction });
    assert.deepEqual(await session.getItems(), [user("a"), assistant("B")]);
    assert.deepEqual(await fork.getItems(), [user("a"), assistant("b")]);
  });

  withSession("a call is replaced in the history, once", async (session) => {
    await session.addItems([user("a"), call("c1"), result("c1"), call("c1"), assistant("b")]);
    const replacement = { ...call("c1"), arguments: "{}" };
    if (replacement.type !== "function_call") throw new Error("unreachable");
    await session.applyHistoryMutations({ mutations: [{ type: "replace_function_call", callId: "c1", replacement }] });
    assert.deepEqual(await session.getItems(), [user("a"), replacement, result("c1"), assistant("b")]);
    await session.applyHistoryMutations({
      mutations: [{ type: "replace_function_call", callId: "none", replacement }],
    });
    assert.equal((await session.history()).length, 4);
  });

  withSession("a compaction of the provider takes the place of the past", async (session) => {
    const compaction = { type: "compaction" as const, encrypted_content: "opaque" };
    await session.addItems([user("a"), assistant("b"), user("c"), assistant("d")]);
    await session.replaceHistoryWithCompaction([compaction, user("c"), assistant("d")]);
    assert.deepEqual(await session.getItems(), [compaction, user("c"), assistant("d")]);
    assert.equal((await session.history()).length, 4);
    await session.replaceHistoryWithCompaction([compaction, user("something else")]);
    assert.deepEqual(await session.getItems(), [compaction, user("something else")]);
  });

  withSession("the SDK's optional parts are there", async (session) => {
    const item = { ...reasoning("r"), providerData: undefined };
    assert.equal(session.acceptsRunContext, true);
    assert.equal(session.prepareHistoryItemForModelInput(item), item);
    assert.deepEqual(session.prepareHistoryItemsForPersistenceComparison([item]), [reasoning("r")]);
    assert.equal(session.preserveReasoningItemIdsForPersistence(), false);
  });
}
