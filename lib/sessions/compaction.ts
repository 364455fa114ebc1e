import type { AgentInputItem } from "@openai/agents";
import { summaryOf } from "./overlay.ts";
import { findTurnStarts, isUserMessage, sanitise } from "./sanitise.ts";
import { findBranch, lineage, slice } from "./segments.ts";
import type { SessionState, SessionStore } from "./store.ts";

export interface Compaction {
  /**
   * Puts a stretch of the conversation in short. The summary so far, if there is one, comes first
   * among the items.
   */
  summarize: (items: AgentInputItem[]) => Promise<string | AgentInputItem[]>;
  /** Sum up when the model would get more than this many tokens. */
  maxTokens?: number;
  /** Sum up when there are more than this many turns since the last summary. */
  maxTurns?: number;
  /** How many of the newest turns are never summed up: 2 when absent. */
  keepTurns?: number;
  /** A quarter of the length of the JSON when absent. */
  countTokens?: (items: AgentInputItem[]) => number;
  /** Called when `summarize` fails; a process warning when absent. The history stays as it is. */
  onError?: (error: unknown) => void;
}

const KEEP_TURNS = 2;

/**
 * The summary to put over the older part of a branch that has grown beyond its budget, or
 * undefined while it has not.
 */
export async function findSummary(
  store: SessionStore,
  state: SessionState,
  branch: string,
  compaction: Compaction,
): Promise<{ position: number; items: AgentInputItem[] } | undefined> {
  const { maxTokens, maxTurns, keepTurns = KEEP_TURNS, countTokens = estimateTokens } = compaction;
  const { length } = findBranch(state, branch);
  const before = summaryOf(state, branch);
  const stored = await store.read(state.id, slice(lineage(state, branch), before?.position ?? 0, length));
  const items = stored.map(({ item }) => item);
  const turns = findTurnStarts(items);
  const tooLong = maxTurns !== undefined && turns.length > maxTurns;
  const tooMuch = maxTokens !== undefined && countTokens([...(before?.items ?? []), ...items]) > maxTokens;
  if (!tooLong && !tooMuch) return undefined;
  const cut = findCut(items, turns, keepTurns);
  const position = stored[cut]?.position;
  if (position === undefined || cut === 0) return undefined;
  const summary = await compaction.summarize([...(before?.items ?? []), ...sanitise(items.slice(0, cut))]);
  return { position, items: typeof summary === "string" ? [asMessage(summary)] : summary };
}

/** What happens when a summary fails and nobody asked to be told. */
export function warnOfSummary(error: unknown): void {
  process.emitWarning(`A session was not summed up: ${error}`, { code: "SESSION_SUMMARY" });
}

/** The start of the first turn that stays: no call before it may wait for a result behind it. */
function findCut(items: readonly AgentInputItem[], turns: readonly number[], keep: number): number {
  for (let index = turns.length - Math.max(1, keep); index > 0; index--) {
    const cut = turns[index] ?? 0;
    const older = items.slice(0, cut);
    const newer = items.slice(cut);
    const whole = sanitise(items).length;
    if (sanitise(older).length + sanitise(newer).length === whole && newer.some(isUserMessage)) return cut;
  }
  return 0;
}

/** Rough, and the same for every model: about four characters to a token. */
export function estimateTokens(items: AgentInputItem[]): number {
  return Math.ceil(JSON.stringify(items).length / 4);
}

function asMessage(text: string): AgentInputItem {
  return { role: "system", content: `The conversation so far, in short:\n${text}` };
}
