import { type AgentInputItem, type RunItem, Runner } from "@openai/agents";
import type { Run } from "#lib/access.ts";
import { agentIdOf } from "#lib/agents/answering.ts";
import { agentFor } from "#lib/agents/registry.ts";
import { makeTitle } from "#lib/conversations.ts";
import { history } from "#lib/history.ts";
import { log } from "#lib/log.ts";
import { completeConnection } from "#lib/models/client.ts";
import { currentModel } from "#lib/models/current.ts";
import { explainModelError } from "#lib/models/explain.ts";
import { modelFor } from "#lib/models/model.ts";
import { modelInput } from "#lib/sessions/sanitise.ts";
import { lineage } from "#lib/sessions/segments.ts";
import type { MessageMetadata } from "#lib/thread.ts";
import { eventLog } from "./events/choose.ts";
import { begin, end, stopReason } from "./live.ts";
import { cancelledResult, incompleteAnswer } from "./parts.ts";
import { appendToRun, type Ending, finishRun, RunLostError } from "./record.ts";
import { Translator } from "./translate.ts";

const mostTurns = 24;
/** A conversation that has no title of its own after this many items keeps its first words. */
const namedWithin = 12;

/**
 * Lets the agents answer. Never rejects: whatever happens ends in a status of the run. Each
 * finished item is stored before its event is shown; what was cut off is stored at the end.
 */
export async function execute(run: Run): Promise<void> {
  const signal = begin(run.id);
  const events = eventLog();
  const translator = new Translator(agentIdOf);
  events.append(run.id, [{ type: "start", messageId: run.id, messageMetadata: startMetadata(run) }]);
  try {
    const ending = await answer(run, signal, translator);
    await conclude(run, translator, ending);
  } catch (error) {
    if (!(error instanceof RunLostError)) log().error({ err: error, run: run.id }, "a run could not be ended properly");
  } finally {
    end(run.id);
    await events.finish(run.id);
  }
}

async function answer(run: Run, signal: AbortSignal, translator: Translator): Promise<Ending> {
  const { connection, label } = await currentModel();
  const ending: Ending = { status: "completed", model: label };
  try {
    const model = modelFor(await completeConnection(connection, signal));
    const runner = new Runner({ model, tracingDisabled: true });
    const input = modelInput(await itemsOf(run));
    const result = await runner.run(agentFor(run.agent), input, { stream: true, signal, maxTurns: mostTurns });
    for await (const event of result) {
      eventLog().append(run.id, translator.event(event));
      if (event.type === "run_item_stream_event") await store(run, event.item, translator);
    }
    await result.completed;
    const { usage } = result.state;
    ending.usage = { requests: usage.requests, inputTokens: usage.inputTokens, outputTokens: usage.outputTokens };
    return signal.aborted ? stopped(ending, signal) : ending;
  } catch (error) {
    if (error instanceof RunLostError) throw error;
    if (signal.aborted) return stopped(ending, signal);
    const { code, message } = explainModelError(error, connection);
    log().warn({ err: error, run: run.id, code }, "a run failed");
    return { ...ending, status: "failed", error: { code, message } };
  }
}

const stopped = (ending: Ending, signal: AbortSignal): Ending => ({
  ...ending,
  status: signal.reason === stopReason ? "stopped" : "interrupted",
});

/** The history of the run's branch. */
async function itemsOf(run: Run): Promise<AgentInputItem[]> {
  const state = await history().load(run.conversationId);
  if (!state) throw new RunLostError(run.id);
  const items = await history().read(run.conversationId, lineage(state, run.branchId));
  return items.map(({ item }) => item);
}

async function store(run: Run, made: RunItem, translator: Translator): Promise<void> {
  if (made.type === "tool_approval_item" || !made.rawItem) return;
  const agent = agentIdOf("sourceAgent" in made ? made.sourceAgent.name : made.agent.name);
  const next = "targetAgent" in made ? agentIdOf(made.targetAgent.name) : undefined;
  const item = plain(made.rawItem);
  await appendToRun(run, [item], { agent, next });
  eventLog().append(run.id, translator.item(item, agent));
}

/** Items as they are stored: data alone, without what JSON can't carry. */
const plain = (item: AgentInputItem): AgentInputItem => JSON.parse(JSON.stringify(item));

/** Stores what was cut off, settles calls that were never answered, and says how the run ended. */
async function conclude(run: Run, translator: Translator, ending: Ending): Promise<void> {
  const settled = translator.openCalls.map(cancelledResult);
  const pending = translator.pending;
  const rest = [...settled, ...(pending ? [incompleteAnswer(pending)] : [])];
  const agent = run.agent;
  const finished = await finishRun(run, rest, agent, ending);
  const title = ending.status === "completed" ? await titleAfter(run) : undefined;
  eventLog().append(run.id, [
    ...translator.end(),
    ...settled.flatMap((item) => translator.item(item, agent)),
    ...(ending.error ? [{ type: "error" as const, errorText: ending.error.message }] : []),
    ...(ending.status === "stopped" || ending.status === "interrupted" ? [{ type: "abort" as const }] : []),
    { type: "finish", messageMetadata: { ...finished, title } },
  ]);
}

/** The first exchanges give a conversation its title; later ones leave it alone. */
async function titleAfter(run: Run): Promise<string | undefined> {
  if (run.position > namedWithin) return undefined;
  return makeTitle({ id: run.conversationId }, await itemsOf(run));
}

function startMetadata(run: Run): Partial<MessageMetadata> {
  return { agent: run.agent, run: run.id, position: run.position, end: run.position, createdAt: run.createdAt };
}
