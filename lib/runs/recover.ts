import { and, eq, lt } from "drizzle-orm";
import { database } from "#db/client.ts";
import { runs } from "#db/schema.ts";
import type { Run } from "#lib/access.ts";
import { agentIdOf } from "#lib/agents/answering.ts";
import { history } from "#lib/history.ts";
import { announce } from "#lib/inbox.ts";
import { log } from "#lib/log.ts";
import { findBranch, lineage, slice } from "#lib/sessions/segments.ts";
import type { SessionState, StoredItem } from "#lib/sessions/store.ts";
import { eventLog } from "./events/choose.ts";
import { heartbeatInterval, staleAfter } from "./live.ts";
import { type Call, cancelledResult, incompleteAnswer, isCall, isCallResult } from "./parts.ts";
import { RunLostError, RunRecord } from "./record.ts";
import { type Chunk, Translator } from "./translate.ts";

/** How long the events of an ended run can still be asked for by number, in milliseconds. */
const keepEvents = 10 * 60_000;

/**
 * Ends the runs whose process died: keeps what they wrote and settles the calls they left open.
 * Dead is whoever has not said since `silentSince` (ms) that it lives.
 */
export async function recoverRuns(silentSince = Date.now() - staleAfter): Promise<void> {
  const stale = await database()
    .select()
    .from(runs)
    .where(and(eq(runs.status, "running"), lt(runs.heartbeatAt, silentSince)));
  for (const run of stale) {
    try {
      await interrupt(run);
    } catch (error) {
      if (error instanceof RunLostError) continue;
      log().error({ err: error, run: run.id }, "a run that lost its process could not be ended");
    }
  }
}

async function interrupt(run: Run): Promise<void> {
  const events = eventLog();
  const state = await history().load(run.conversationId);
  if (!state) throw new RunLostError(run.id);
  const items = await itemsOf(run, state);
  const settled = openCalls(items).map(cancelledResult);
  const seen = await events.read(run.id);
  const text = unstored(seen, items);
  const agent = items.at(-1)?.agent ?? run.agent;
  const rest = [...settled, ...(text ? [incompleteAnswer(text)] : [])];
  const finished = await new RunRecord(run, state).finish(rest, agent, { status: "interrupted" });
  const translator = new Translator(agentIdOf);
  await events.adopt(run.id);
  events.append(run.id, [
    ...openStretches(seen),
    ...settled.flatMap((item) => translator.item(item, agent)),
    { type: "abort" },
    { type: "finish", messageMetadata: finished },
  ]);
  await events.finish(run.id);
  announce(run.userId, run.conversationId);
  log().warn({ run: run.id }, "a run lost its process and was ended");
}

async function itemsOf(run: Run, state: SessionState): Promise<StoredItem[]> {
  const ranges = slice(lineage(state, run.branchId), run.position, findBranch(state, run.branchId).length);
  return (await history().read(run.conversationId, ranges)).filter((item) => item.run === run.id);
}

function openCalls(items: readonly StoredItem[]): Call[] {
  const answered = new Set(items.flatMap(({ item }) => (isCallResult(item) ? [item.callId] : [])));
  return items.flatMap(({ item }) => (isCall(item) && !answered.has(item.callId) ? [item] : []));
}

/** The text that was shown but belongs to no stored item: items cover the stretches of text in order. */
function unstored(chunks: readonly Chunk[], items: readonly StoredItem[]): string {
  const stretches: string[] = [];
  for (const chunk of chunks) {
    if (chunk.type === "text-start") stretches.push("");
    if (chunk.type === "text-delta") stretches.push(`${stretches.pop() ?? ""}${chunk.delta}`);
  }
  const stored = items.filter(({ item }) => "role" in item && item.role === "assistant").length;
  return stretches.slice(stored).join("");
}

/** Ends what a cut stream left open. */
function openStretches(chunks: readonly Chunk[]): Chunk[] {
  const open = new Map<string, Chunk>();
  for (const chunk of chunks) {
    if (chunk.type === "text-start") open.set(chunk.id, { type: "text-end", id: chunk.id });
    if (chunk.type === "reasoning-start") open.set(chunk.id, { type: "reasoning-end", id: chunk.id });
    if (chunk.type === "text-end" || chunk.type === "reasoning-end") open.delete(chunk.id);
  }
  return [...open.values()];
}

/** Looks after runs of dead processes from now on. Returns how to end it. */
export function watchOverRuns(): () => void {
  const look = async () => {
    try {
      await recoverRuns();
      await eventLog().forget(Date.now() - keepEvents);
    } catch (error) {
      log().error({ err: error }, "runs could not be looked after");
    }
  };
  const timer = setInterval(() => void look(), heartbeatInterval);
  timer.unref();
  void look();
  return () => clearInterval(timer);
}
