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

const KINDS = new Map([...Object.entries(RESULT_OF), ...[...RESULTS].map((kind): [string, string] => [kind, kind])]);

/** What a call and its result have in common, or undefined for anything else. Other kinds of calls may repeat the id. */
function pairKey(item: AgentInputItem): string | undefined {
  const kind = item.type === undefined ? undefined : KINDS.get(item.type);
  return kind !== undefined && "callId" in item ? `${kind} ${item.callId}` : undefined;
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
    const queue = waiting.get(key);
    if (!isResult(item)) {
      if (queue) queue.push(index);
      else waiting.set(key, [index]);
      return;
    }
    const call = queue?.shift();
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

export interface SanitiseOptions {
  /** True to keep open calls after the last user message: they may still wait for an approval. */
  keepPending?: boolean;
}

/**
 * What of a history a model accepts: no result without its call, no call without its result, no
 * reasoning without what it led to. The history itself stays as it is.
 */
export function sanitise(items: readonly AgentInputItem[], options: SanitiseOptions = {}): AgentInputItem[] {
  const dropped = findInvalid(items, findPairs(items), options);
  return dropped.size === 0 ? [...items] : items.filter((_item, index) => !dropped.has(index));
}

/** What a model gets of a history: everything valid, and no call that waits for anything. */
export function modelInput(items: readonly AgentInputItem[]): AgentInputItem[] {
  return sanitise(items);
}

function findInvalid(
  items: readonly AgentInputItem[],
  { open, orphans }: Pairs,
  { keepPending = false }: SanitiseOptions,
): Set<number> {
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
 * The newest valid items, at most `limit`, starting where a model can start: not inside a tool
 * call, and not between a reasoning item and what it led to.
 */
export function takeLast(items: readonly AgentInputItem[], limit: number): AgentInputItem[] {
  return takeLastOf(items, limit, true) ?? [];
}

/** As `takeLast`, of a part of a history; undefined when it takes the items before the part to tell. */
export function takeLastOf(
  items: readonly AgentInputItem[],
  limit: number,
  isAll: boolean,
): AgentInputItem[] | undefined {
  const pairs = findPairs(items);
  const dropped = findInvalid(items, pairs, { keepPending: true });
  let start = items.length;
  for (let count = 0; start > 0 && count < limit; start--) if (!dropped.has(start - 1)) count++;
  if (!isAll && !isCertain(items, start, pairs)) return undefined;
  start = moveToSafety(items, start, pairs);
  return items.filter((_item, index) => index >= start && !dropped.has(index));
}

/** Whether what stands before the part can't matter: it ends before `start`, and no result from there on looks for its call. */
function isCertain(items: readonly AgentInputItem[], start: number, { orphans }: Pairs): boolean {
  for (const orphan of orphans) if (orphan >= start) return false;
  return items.slice(0, start).some((item) => isUserMessage(item) || isResult(item));
}

function moveToSafety(items: readonly AgentInputItem[], from: number, { callOf }: Pairs): number {
  let start = from;
  for (let before = -1; before !== start; ) {
    before = start;
    for (const [result, call] of callOf) if (call < start && result >= start) start = result + 1;
    const reasoning = items.findLastIndex((item, index) => index < start && item.type === "reasoning");
    if (reasoning >= 0) start = Math.max(start, endOfResponse(items, reasoning));
  }
  return start;
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
