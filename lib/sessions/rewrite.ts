import type { AgentInputItem } from "@openai/agents";
import { applyChange, combine, placeAppend } from "./apply.ts";
import { canonical } from "./canonical.ts";
import { planCreate, planTruncate } from "./changes.ts";
import type { Change, NewItem, SessionState, StoredItem } from "./store.ts";

/** Other items from position `from` on, as one change. What another branch depends on stays where it is. */
export function planReplaceTail(
  state: SessionState,
  branch: string,
  from: number,
  items: readonly NewItem[],
  at: number,
): Change {
  const shorter = planTruncate(state, branch, from, { at });
  const appended = placeAppend(applyChange(state.id, state, shorter), { append: { branch, items: [...items] }, at });
  return combine(shorter, appended);
}

/** A new session with items of which it is known who made them. */
export function planCreateWith(session: string, items: readonly NewItem[], agent: string | null, at: number): Change {
  const empty = planCreate({ at, branchAgent: agent });
  const state = applyChange(session, undefined, empty);
  return combine(empty, placeAppend(state, { append: { branch: state.current, items: [...items] }, at }));
}

/** Whether the end of a history is exactly these items. */
export function endsWith(history: readonly StoredItem[], suffix: readonly AgentInputItem[]): boolean {
  const end = history.slice(history.length - suffix.length);
  return (
    suffix.length <= history.length && end.every((stored, index) => canonical(stored.item) === canonical(suffix[index]))
  );
}

/** A change that can't be applied but for an operation that was committed before: asks whether it was. */
export function planProbe(operation: string, digest: string, at: number): Change {
  return { operation, digest, expect: [{ branch: "", segment: "", length: -1 }], at };
}

/** The first occurrence of a call replaced and further ones left out, as the SDK does it; -1 when there is none. */
export function replaceCall(
  history: readonly StoredItem[],
  callId: string,
  replacement: AgentInputItem,
): { from: number; items: NewItem[] } {
  const isCall = ({ item }: NewItem) => item.type === "function_call" && item.callId === callId;
  const first = history.findIndex(isCall);
  const found = history[first];
  if (!found) return { from: -1, items: [] };
  const rest = history.slice(first + 1).filter((stored) => !isCall(stored));
  return { from: found.position, items: [{ ...found, item: replacement }, ...rest].map(withoutPlace) };
}

function withoutPlace({ item, agent, run, createdAt, model, usage }: NewItem): NewItem {
  return { item, agent, run, createdAt, ...(model ? { model } : {}), ...(usage ? { usage } : {}) };
}
