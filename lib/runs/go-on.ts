import { invokeFunctionTool, RunContext } from "@openai/agents";
import type { Approval } from "#db/schema.ts";
import { agentFor } from "#lib/agents/registry.ts";
import { log } from "#lib/log.ts";
import type { SessionState } from "#lib/sessions/store.ts";
import { eventLog } from "./events/choose.ts";
import type { Execution } from "./execution.ts";
import { type Call, callResult, openCallsOf, rejectedText } from "./parts.ts";
import { takeOver } from "./settle.ts";
import { writtenBy } from "./written.ts";

/**
 * Makes the calls that a person has approved, answers those that were rejected, and says which
 * agent goes on. All it needs are the stored items, so that any process can do it, whenever.
 */
export async function carryOut({ run, record, translator, items, signal }: Execution, state: SessionState) {
  const written = await writtenBy(run, state);
  for (const { item, agent } of written) translator.item(item, agent ?? run.agent);
  const decided = new Map(run.approvals?.map(({ call, decision }) => [call, decision]));
  const pending = openCallsOf(written).filter(({ item }) => decided.has(item.callId));

  await takeOver(run, written, (run.approvals ?? []).map(responseTo));
  eventLog().append(run.id, [{ type: "message-metadata", messageMetadata: { status: "running" } }]);
  for (const { item: call, agent } of pending) {
    const by = agent ?? run.agent;
    const approved = decided.get(call.callId) === "approved";
    const result = callResult(call, approved ? await make(call, by, signal) : rejectedText);
    await record.append({ items: [result], agent: by });
    items.push(result);
    eventLog().append(run.id, translator.item(result, by));
  }
  return pending.at(-1)?.agent ?? run.agent;
}

const responseTo = ({ call, decision }: Approval) => ({
  type: "tool-approval-response" as const,
  approvalId: call,
  approved: decision === "approved",
});

/** Makes one call, as the runner would have. Rejects when the run is ended meanwhile. */
async function make(call: Call, agent: string, signal: AbortSignal): Promise<unknown> {
  signal.throwIfAborted();
  const tool = agentFor(agent).tools.find(({ name }) => name === call.name);
  if (tool?.type !== "function") return `The tool ${call.name} is not there any more.`;
  const ended = Promise.withResolvers<never>();
  const end = () => ended.reject(signal.reason);
  signal.addEventListener("abort", end, { once: true });
  try {
    const details = { toolCall: call, signal };
    const made = invokeFunctionTool({ tool, runContext: new RunContext(), input: call.arguments, details });
    return await Promise.race([made, ended.promise]);
  } catch (error) {
    signal.throwIfAborted();
    log().warn({ err: error, tool: call.name }, "an approved tool failed");
    return `The tool failed: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    signal.removeEventListener("abort", end);
  }
}
