import type { AgentInputItem } from "@openai/agents";

const RESULT_OF: Record<string, string> = {
  function_call: "function_call_result",
  computer_call: "computer_call_result",
  shell_call: "shell_call_output",
  apply_patch_call: "apply_patch_call_output",
  program: "program_output",
};
const RESULTS = new Set(Object.values(RESULT_OF));

// The runner keeps these without a result itself: a hosted shell answers inside its own item, a
// program owns the calls that follow it.
const NEEDS_NO_RESULT = new Set(["shell_call", "program"]);

export function isUserMessage(item: AgentInputItem): boolean {
  return "role" in item && item.role === "user";
}

/** What a call and its result have in common, or undefined for anything else. Other kinds of calls may repeat the id. */
function pairKey(item: AgentInputItem): string | undefined {
  if (!item.type || !("callId" in item) || typeof item.callId !== "string") return undefined;
  const kind = RESULT_OF[item.type] ?? (RESULTS.has(item.type) ? item.type : undefined);
  return kind && `${kind} ${item.callId}`;
}

function isResult(item: AgentInputItem): boolean {
  return item.type !== undefined && RESULTS.has(item.type);
}

/** Something that the model wrote in one response: what may follow a reasoning item. */
function isOutput(item: AgentInputItem): boolean {
  if (isResult(item) || item.type === "reasoning" || item.type === "compaction") return false;
  return !("role" in item) || item.role === "assistant";
}

interface Pairs {
  /** Indexes of calls that have no result after them. */
  open: Set<number>;
  /** Indexes of results that have no call before them. */
  orphans: Set<number>;
  /** Index of a result to the index of its call. */
  callOf: Map<number, number>;
}

/** Ids repeat in a long history, so each result answers the oldest call that is still open. */
function findPairs(items: readonly AgentInputItem[]): Pairs {
  const waiting = new Map<string, number[]>();
  const pairs: Pairs = { open: new Set(), orphans: new Set(), callOf: new Map() };
  items.forEach((item, index) => {
    const key = pairKey(item);
    if (key === undefined) return;
    if (!isResult(item)) {
      waiting.set(key, [...(waiting.get(key) ?? []), index]);
      return;
    }
    const call = waiting.get(key)?.shift();
    if (call === undefined) pairs.orphans.add(index);
    else pairs.callOf.set(index, call);
  });
  for (const indexes of waiting.values()) for (const index of indexes) pairs.open.add(index);
  return pairs;
}

/** The indexes of the calls that still wait for a result, oldest first. */
export function findOpenCalls(items: readonly AgentInputItem[]): number[] {
  return [...findPairs(items).open].sort((left, right) => left - right);
}

/** The index of the last result whose call is not in sight, or -1. */
export function findLastOrphan(items: readonly AgentInputItem[]): number {
  return Math.max(-1, ...findPairs(items).orphans);
}

export interface SanitiseOptions {
  /** True to keep open calls after the last user message: they may still wait for an approval. */
  keepPending?: boolean;
}

/**
 * What of a history a model accepts: no result without its call, no call without its result, no
 * reasoning without what it led to. The history itself stays as it is.
 */
export function sanitise(items: readonly AgentInputItem[], options: SanitiseOptions = {}): AgentInputItem[] {
  const dropped = findInvalid(items, options);
  return dropped.size === 0 ? [...items] : items.filter((_item, index) => !dropped.has(index));
}

/** What a model gets of a history: everything valid, and no call that waits for anything. */
export function modelInput(items: readonly AgentInputItem[]): AgentInputItem[] {
  return sanitise(items);
}

function findInvalid(items: readonly AgentInputItem[], { keepPending = false }: SanitiseOptions): Set<number> {
  const { open, orphans } = findPairs(items);
  const dropped = new Set(orphans);
  const lastUser = items.findLastIndex(isUserMessage);
  for (const index of open) {
    const item = items[index];
    const isPending = keepPending && index > lastUser;
    if (!isPending && !NEEDS_NO_RESULT.has(item?.type ?? "")) dropped.add(index);
  }
  for (let index = items.length - 1; index >= 0; index--) {
    if (items[index]?.type !== "reasoning") continue;
    const end = endOfResponse(items, index);
    let leads = false;
    for (let next = index + 1; next < end && !leads; next++) {
      leads = items[next]?.type !== "reasoning" && !dropped.has(next);
    }
    if (!leads) dropped.add(index);
  }
  return dropped;
}

/** The index after the last item of the response that the reasoning at `start` belongs to. */
function endOfResponse(items: readonly AgentInputItem[], start: number): number {
  let end = start + 1;
  for (let item = items[end]; item && (item.type === "reasoning" || isOutput(item)); item = items[end]) end++;
  return end;
}

/**
 * The last items of a valid history, at most `limit`, starting where a model can start: not
 * inside a tool call, and not between a reasoning item and what it led to.
 */
export function takeLast(items: readonly AgentInputItem[], limit: number): AgentInputItem[] {
  if (limit <= 0) return [];
  if (items.length <= limit) return [...items];
  const { callOf } = findPairs(items);
  const unsafe = new Set<number>();
  for (const [result, call] of callOf) for (let index = call + 1; index <= result; index++) unsafe.add(index);
  items.forEach((item, start) => {
    if (item.type !== "reasoning") return;
    for (let index = start + 1; index < endOfResponse(items, start); index++) unsafe.add(index);
  });
  let start = items.length - limit;
  while (unsafe.has(start)) start++;
  return items.slice(start);
}

/** The indexes at which a turn begins: the user's messages. */
export function findTurnStarts(items: readonly AgentInputItem[]): number[] {
  return items.flatMap((item, index) => (isUserMessage(item) ? [index] : []));
}

/** The results to append so that no call of this history stays open, for instance after a crash. */
export function settle(items: readonly AgentInputItem[], reason = "Cancelled."): AgentInputItem[] {
  return findOpenCalls(items).flatMap((index): AgentInputItem[] => {
    const call = items[index];
    switch (call?.type) {
      case "function_call":
        return [
          {
            type: "function_call_result",
            name: call.name,
            ...(call.namespace === undefined ? {} : { namespace: call.namespace }),
            callId: call.callId,
            status: "incomplete",
            output: { type: "text", text: reason },
          },
        ];
      case "apply_patch_call":
        return [{ type: "apply_patch_call_output", callId: call.callId, status: "failed", output: reason }];
      // A cancelled computer call has no screen to show and a hosted shell has its own result: `sanitise` sees to both.
      default:
        return [];
    }
  });
}
