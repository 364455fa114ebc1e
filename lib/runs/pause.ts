import { waitingChunk } from "./draw.ts";
import { eventLog } from "./events/choose.ts";
import { type Execution, storeFinished } from "./execution.ts";
import { end, stopReason } from "./live.ts";
import { cancelledResult } from "./parts.ts";
import { runMetadata } from "./project.ts";
import type { Ending } from "./record.ts";
import { stopWaiting } from "./stop-waiting.ts";
import { tellOwner } from "./tell.ts";

/**
 * Lets a run rest until the person has decided about these calls. From then on no process holds it:
 * all it needs to go on is stored. False when somebody has asked for its end meanwhile.
 */
export async function pause(execution: Execution, calls: string[], so: Pick<Ending, "model" | "usage">) {
  const { run, signal, record, translator, items } = execution;
  const events = eventLog();
  // A hand-off in the same breath is not made: who asked goes on when the person has decided.
  const settled = translator.openCalls.filter(({ callId }) => !calls.includes(callId)).map(cancelledResult);
  const chunks = [...translator.end(), ...settled.flatMap((item) => translator.item(item, run.agent))];
  execution.unstored.push({ items: settled, agent: run.agent, chunks });
  await storeFinished(execution);
  items.push(...settled);
  const metadata = runMetadata({ ...run, status: "waiting", model: so.model ?? run.model });
  events.append(run.id, [
    ...calls.map((call) => ({ type: "tool-approval-request" as const, approvalId: call, toolCallId: call })),
    waitingChunk({ ...metadata, end: record.end }),
  ]);
  // Who goes on with the run reads its events from where all processes can.
  await events.flush(run.id);
  if (!(await record.wait(calls, so))) return false;
  end(run.id, signal);
  await Promise.all([events.rest(run.id), tellOwner(run)]);
  if (signal.aborted && signal.reason === stopReason) await stopWaiting(run.id);
  return true;
}
