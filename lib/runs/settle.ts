import type { AgentInputItem } from "@openai/agents";
import { ownRun, type Run } from "#lib/access.ts";
import { agentIdOf } from "#lib/agents/answering.ts";
import { history } from "#lib/history.ts";
import { log } from "#lib/log.ts";
import type { StoredItem } from "#lib/sessions/store.ts";
import { itemsOf, type Stretch } from "./cut-off.ts";
import { beginningOf } from "./draw.ts";
import { eventLog } from "./events/choose.ts";
import { cancelledResult, openCallsOf } from "./parts.ts";
import { RunLostError, RunRecord } from "./record.ts";
import { tellOwner } from "./tell.ts";
import { type Chunk, Translator } from "./translate.ts";
import { drawnChunks, messageOf, writtenBy } from "./written.ts";

/** How long the events of a run are worth waiting for when they cannot be read, in milliseconds. */
const patience = 60_000;

/** Ends a live run that nobody executes any more: keeps what it wrote and settles the calls that it left open. */
export async function settleRun(run: Run, status: "interrupted" | "stopped"): Promise<void> {
  const events = eventLog();
  const state = await history().load(run.conversationId);
  if (!state) throw new RunLostError(run.id);
  const items = await writtenBy(run, state);
  const settled = openCallsOf(items).map(({ item }) => cancelledResult(item));
  const seen = await events.read(run.id).catch((error: unknown) => {
    if (Date.now() - (run.heartbeatAt ?? 0) < patience) throw error;
    log().warn({ err: error, run: run.id }, "a run is ended without what it had not stored: nobody has its events");
    return [];
  });
  const agent = items.at(-1)?.agent ?? run.agent;
  const rest = [...settled, ...unstored(seen, items)];
  const finished = await new RunRecord(run, state, 0).finish([{ items: rest, agent }], { status });
  if (status === "interrupted") {
    // The last events died with their process: what it has stored may be more than they say, or less than was seen.
    const kept = await events.adopt(run.id);
    // Where nothing was kept, a first start says all the same that the numbers begin anew.
    const before: Chunk[] = kept > 0 ? openStretches(seen) : [{ type: "start", messageId: run.id }];
    events.append(run.id, [...before, ...(await drawnChunks(await runNow(run)))]);
  } else {
    const translator = new Translator(agentIdOf);
    await takeOver(run, items);
    events.append(run.id, [
      ...openStretches(seen),
      ...settled.flatMap((item) => translator.item(item, agent)),
      { type: "abort" },
      { type: "finish", messageMetadata: finished },
    ]);
  }
  await events.finish(run.id);
  await tellOwner(run);
}

const runNow = async (run: Run): Promise<Run> => ownRun({ id: run.userId }, run.id);

/**
 * Goes on with a run's stream where it stopped, with `then`. A stream that was forgotten meanwhile
 * is drawn again from the items, which have the same to show.
 */
export async function takeOver(run: Run, items: readonly StoredItem[], then: Chunk[] = []): Promise<void> {
  const events = eventLog();
  const kept = await events.adopt(run.id);
  const drawn = () => beginningOf(messageOf({ ...run, status: "waiting" }, items), run);
  events.append(run.id, kept > 0 ? then : drawn());
}

/** What was shown but belongs to no stored item: items cover the stretches of each kind in order. */
function unstored(chunks: readonly Chunk[], items: readonly StoredItem[]): AgentInputItem[] {
  const stretches: Stretch[] = [];
  for (const chunk of chunks) {
    if (chunk.type === "text-start") stretches.push({ kind: "text", text: "" });
    if (chunk.type === "reasoning-start") stretches.push({ kind: "reasoning", text: "" });
    if (chunk.type !== "text-delta" && chunk.type !== "reasoning-delta") continue;
    const last = stretches.pop();
    if (last) stretches.push({ ...last, text: last.text + chunk.delta });
  }
  const stored = {
    text: items.filter(({ item }) => "role" in item && item.role === "assistant").length,
    reasoning: items.filter(({ item }) => item.type === "reasoning").length,
  };
  return itemsOf(stretches.filter(({ kind }) => stored[kind]-- <= 0));
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
