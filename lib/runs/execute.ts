import { type AgentInputItem, type RunItem, Runner } from "@openai/agents";
import type { Run } from "#lib/access.ts";
import { agentIdOf } from "#lib/agents/answering.ts";
import { agentFor } from "#lib/agents/registry.ts";
import { log } from "#lib/log.ts";
import { currentModel } from "#lib/models/current.ts";
import { explainModelError } from "#lib/models/explain.ts";
import { modelFor } from "#lib/models/model.ts";
import { modelInput } from "#lib/sessions/sanitise.ts";
import type { SessionState } from "#lib/sessions/store.ts";
import type { MessageMetadata } from "#lib/thread.ts";
import { titleOfItems } from "#lib/titles.ts";
import { itemsOf } from "./cut-off.ts";
import { eventLog } from "./events/choose.ts";
import { type Execution, storeFinished } from "./execution.ts";
import { Hearing } from "./hearing.ts";
import { begin, end, stopReason } from "./live.ts";
import { cancelledResult } from "./parts.ts";
import { pause } from "./pause.ts";
import { type Ending, RunLostError, RunRecord } from "./record.ts";
import { tellOwner } from "./tell.ts";
import { Translator } from "./translate.ts";
import { leave } from "./turnstile.ts";
import { withPauses } from "./with-pauses.ts";

const mostTurns = 24;
/** A conversation that has no title of its own after this many items keeps its first words. */
const namedWithin = 12;

/**
 * Lets the agents answer. Never rejects: whatever happens ends in a status of the run. Each
 * finished item is stored before its event is shown; what was cut off is stored at the end.
 */
export async function execute(
  run: Run,
  state: SessionState,
  { items, goOn }: Beginning = {},
): Promise<Ending["status"] | "waiting" | "lost"> {
  const signal = begin(run.id);
  const execution: Execution = {
    run,
    signal,
    record: new RunRecord(run, state),
    translator: new Translator(agentIdOf),
    items: items ?? [],
    unstored: [],
  };
  if (!goOn) eventLog().append(run.id, [{ type: "start", messageId: run.id, messageMetadata: startMetadata(run) }]);
  let rests = false;
  try {
    const { waitsFor, ...ending } = await answer(execution, goOn);
    rests = waitsFor !== undefined && (await pause(execution, waitsFor, ending));
    if (rests) return "waiting";
    if (waitsFor) ending.status = "stopped";
    await conclude(execution, ending);
    return ending.status;
  } catch (error) {
    if (!(error instanceof RunLostError)) log().error({ err: error, run: run.id }, "a run could not be ended properly");
    return "lost";
  } finally {
    leave(run.id);
    end(run.id, signal);
    // One that rests may have gone on by now: its events are not this execution's any more.
    if (!rests) await eventLog().finish(run.id);
  }
}

interface Beginning {
  /** The items of its branch, where they are known: in a conversation that has just begun. */
  items?: AgentInputItem[];
  goOn?: GoOn;
}

/** What a run does first that goes on after it has waited. Answers which agent is next. */
type GoOn = (execution: Execution) => Promise<string>;

/** How an answer ended, or which calls the person has to decide about before it goes on. */
interface Answered extends Ending {
  waitsFor?: string[];
}

async function answer(execution: Execution, goOn?: GoOn): Promise<Answered> {
  const { run, signal, record, translator } = execution;
  const { connection, label } = await currentModel();
  const ending: Ending = { status: "completed", model: label };
  const hearing = new Hearing((said) => {
    const chunks = translator.said(said);
    eventLog().append(run.id, chunks);
    if (chunks.length > 0) leave(run.id);
  });
  try {
    if (execution.items.length === 0) execution.items = await record.items();
    const agent = goOn ? await goOn(execution) : run.agent;
    const model = modelFor(connection, (said) => hearing.hear(said));
    const runner = new Runner({ model, tracingDisabled: true });
    const result = await runner.run(agentFor(agent), modelInput(execution.items), {
      stream: true,
      signal,
      maxTurns: mostTurns,
    });
    for await (const event of withPauses(result, () => execution.unstored.length > 0)) {
      if (event?.type === "run_item_stream_event") {
        take(execution, event.item);
        continue;
      }
      await storeFinished(execution);
      if (event?.type === "raw_model_stream_event" && event.data.type === "response_started") hearing.begin();
    }
    await result.completed;
    const { usage } = result.state;
    ending.usage = {
      requests: usage.requests + (run.usage?.requests ?? 0),
      inputTokens: usage.inputTokens + (run.usage?.inputTokens ?? 0),
      outputTokens: usage.outputTokens + (run.usage?.outputTokens ?? 0),
    };
    if (signal.aborted) return stopped(ending, signal);
    const waitsFor = result.interruptions.flatMap(({ rawItem }) => ("callId" in rawItem ? [rawItem.callId] : []));
    return waitsFor.length > 0 ? { ...ending, waitsFor } : ending;
  } catch (error) {
    if (error instanceof RunLostError) {
      hearing.abandon();
      throw error;
    }
    if (signal.aborted) return stopped(ending, signal);
    const { code, message } = explainModelError(error, connection);
    log().warn({ err: error, run: run.id, code }, "a run failed");
    return { ...ending, status: "failed", error: { code, message } };
  } finally {
    hearing.end();
  }
}

const stopped = (ending: Ending, signal: AbortSignal): Ending => ({
  ...ending,
  status: signal.reason === stopReason ? "stopped" : "interrupted",
});

/** Takes what an agent finished. It is stored with all that is finished in the same moment: each write has its price. */
function take({ translator, items, unstored }: Execution, given: RunItem): void {
  if (given.type === "tool_approval_item" || !given.rawItem) return;
  const agent = agentIdOf("sourceAgent" in given ? given.sourceAgent.name : given.agent.name);
  const next = "targetAgent" in given ? agentIdOf(given.targetAgent.name) : undefined;
  const item = plain(given.rawItem);
  const made = [...translator.thoughtsBefore(item), item];
  items.push(...made);
  unstored.push({ items: made, agent, next, chunks: translator.item(item, agent) });
}

/** Items as they are stored: data alone, without what JSON can't carry. */
const plain = (item: AgentInputItem): AgentInputItem => JSON.parse(JSON.stringify(item));

/** Stores what was cut off, settles calls that were never answered, and says how the run ended. */
async function conclude({ run, record, translator, items, unstored }: Execution, ending: Ending): Promise<void> {
  const settled = translator.openCalls.map(cancelledResult);
  const rest = { items: [...settled, ...itemsOf(translator.pending)], agent: run.agent };
  const title = ending.status === "completed" && run.position <= namedWithin ? titleOfItems(items) : undefined;
  const finished = await record.finish([...unstored, rest], ending, title);
  eventLog().append(run.id, [
    ...unstored.flatMap(({ chunks }) => chunks),
    ...translator.end(),
    ...settled.flatMap((item) => translator.item(item, run.agent)),
    ...(ending.error ? [{ type: "error" as const, errorText: ending.error.message }] : []),
    ...(ending.status === "stopped" || ending.status === "interrupted" ? [{ type: "abort" as const }] : []),
    { type: "finish", messageMetadata: finished },
  ]);
  await tellOwner(run);
}

function startMetadata(run: Run): Partial<MessageMetadata> {
  return { agent: run.agent, run: run.id, position: run.position, end: run.position, createdAt: run.createdAt };
}
