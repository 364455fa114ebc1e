import type { Run } from "#lib/access.ts";
import type { StoredItem } from "#lib/sessions/store.ts";
import type { MessageMetadata, ThreadMessage } from "#lib/thread.ts";
import {
  type Call,
  type CallResult,
  callInput,
  callOutput,
  cancelledText,
  handoffTarget,
  isCall,
  isCallResult,
  isCancelled,
  isRejected,
  reasoningText,
  textOf,
} from "./parts.ts";
import type { AgentIds } from "./translate.ts";

type Part = ThreadMessage["parts"][number];
type ToolPart = Extract<Part, { type: "dynamic-tool" }>;

/** What a message says of the run that made it. */
export type RunFacts = Pick<
  Run,
  "id" | "agent" | "status" | "model" | "error" | "position" | "createdAt" | "finishedAt"
> &
  Partial<Pick<Run, "approvals">>;

/**
 * Draws the thread from items alone: one message for each turn of the person, and one for all
 * that a run answered. `runs`, the oldest first, adds how it went; the last one shows also when it wrote nothing.
 */
export function project(items: readonly StoredItem[], runs: readonly RunFacts[], agentIds: AgentIds): ThreadMessage[] {
  const facts = new Map(runs.map((run) => [run.id, run]));
  const messages = groups(items).map((group) => draw(group, facts, agentIds));
  const shown = new Set(messages.map((message) => message.id));
  const length = (items.at(-1)?.position ?? -1) + 1;
  const last = runs.findLast((run) => run.position === length);
  if (last && last.status !== "completed" && !shown.has(last.id)) {
    messages.push({
      id: last.id,
      role: "assistant",
      parts: [],
      metadata: { agent: last.agent, position: length, end: length, ...runMetadata(last) },
    });
  }
  return messages;
}

/** How a run went, for the message that it made. */
export function runMetadata(
  run: RunFacts,
): Pick<MessageMetadata, "run" | "createdAt" | "model" | "duration" | "status" | "error"> {
  return {
    run: run.id,
    createdAt: run.createdAt,
    ...(run.model ? { model: run.model } : {}),
    // Who has waited for a person has taken as long as the person.
    ...(run.finishedAt && !run.approvals ? { duration: run.finishedAt - run.createdAt } : {}),
    ...(isAtRest(run.status) ? { status: run.status } : {}),
    ...(run.error ? { error: run.error } : {}),
  };
}

const isAtRest = (status: Run["status"]): status is NonNullable<MessageMetadata["status"]> =>
  status !== "queued" && status !== "running";

export const isPersons = ({ item }: StoredItem): boolean => "role" in item && item.role === "user";
const isShown = ({ item }: StoredItem): boolean => !("role" in item && item.role === "system");

/** The items of each message. */
export function groups(items: readonly StoredItem[]): [StoredItem, ...StoredItem[]][] {
  const found: [StoredItem, ...StoredItem[]][] = [];
  for (const item of items.filter(isShown)) {
    const last = found.at(-1);
    const joins = last && !isPersons(item) && !isPersons(last[0]) && last[0].run === item.run;
    if (joins) last.push(item);
    else found.push([item]);
  }
  return found;
}

function draw(group: [StoredItem, ...StoredItem[]], facts: Map<string, RunFacts>, agentIds: AgentIds): ThreadMessage {
  const [first] = group;
  const persons = isPersons(first);
  const run = first.run === null ? undefined : facts.get(first.run);
  return {
    id: persons || first.run === null ? `${first.segment}:${first.position}` : first.run,
    role: persons ? "user" : "assistant",
    parts: parts(group, agentIds, run),
    metadata: {
      agent: first.agent,
      position: first.position,
      end: (group.at(-1)?.position ?? first.position) + 1,
      createdAt: first.createdAt,
      ...(run && !persons ? runMetadata(run) : {}),
    },
  };
}

function parts(group: readonly StoredItem[], agentIds: AgentIds, run: RunFacts | undefined): Part[] {
  const results = new Map(group.flatMap(({ item }) => (isCallResult(item) ? [[item.callId, item] as const] : [])));
  const calls = new Map(group.flatMap(({ item }) => (isCall(item) ? [[item.callId, item] as const] : [])));
  return group.flatMap(({ item, agent }): Part[] => {
    if (item.type === "reasoning") {
      const text = reasoningText(item);
      return text ? [{ type: "reasoning", text, state: "done" }] : [];
    }
    if ("role" in item) {
      const text = textOf(item);
      return text ? [{ type: "text", text, state: "done" }] : [];
    }
    if (isCall(item)) {
      return item.name.startsWith("transfer_to_") ? [] : [toolPart(item, results.get(item.callId), run)];
    }
    if (!isCallResult(item)) return [];
    const target = handoffTarget(item);
    if (target !== undefined) {
      const data = { from: agent ?? "", to: agentIds(target) };
      return [{ type: "data-handoff", id: item.callId, data }];
    }
    const call = calls.get(item.callId);
    return call?.name.startsWith("transfer_to_") ? [toolPart(call, item, run)] : [];
  });
}

function toolPart(call: Call, result: CallResult | undefined, run: RunFacts | undefined): ToolPart {
  const id = call.callId;
  const base = { type: "dynamic-tool" as const, toolName: call.name, toolCallId: id, input: callInput(call) };
  if (!result) return { ...base, ...openState(id, run) };
  if (isRejected(result)) return { ...base, state: "output-denied", approval: { id, approved: false } };
  if (isCancelled(result)) return { ...base, state: "output-error", errorText: String(callOutput(result)) };
  return { ...base, state: "output-available", output: callOutput(result) };
}

/** How a call without a result stands, by what is known of its run. */
function openState(id: string, run: RunFacts | undefined) {
  if (!run || run.status === "queued" || run.status === "running") return { state: "input-available" as const };
  const approval = run.approvals?.find(({ call }) => call === id);
  if (run.status !== "waiting" || !approval) {
    const errorText = run.status === "completed" ? "It went on in another branch." : cancelledText;
    return { state: "output-error" as const, errorText };
  }
  if (!approval.decision) return { state: "approval-requested" as const, approval: { id } };
  return { state: "approval-responded" as const, approval: { id, approved: approval.decision === "approved" } };
}
