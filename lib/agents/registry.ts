import { Agent, type Tool } from "@openai/agents";
import { AppError } from "#lib/errors.ts";
import { bound } from "./bounds.ts";
import { agentDirectory } from "./directory.ts";
import { instructionsFor } from "./instructions.ts";
import { issueRefund, listCharges } from "./tools/billing.ts";
import { calculate, currentTime } from "./tools/general.ts";
import { orderStatus, searchCatalogue } from "./tools/shopping.ts";
import { responseTargets, searchHelp } from "./tools/support.ts";
import { checkStatus, lookUpStatusCode } from "./tools/technical.ts";
import { convertCurrency, planDays } from "./tools/travel.ts";

const tools: Record<string, Tool[]> = {
  assistant: [calculate, currentTime],
  support: [searchHelp],
  escalations: [responseTargets],
  technical: [checkStatus, lookUpStatusCode, calculate],
  billing: [listCharges, issueRefund, calculate],
  travel: [planDays, convertCurrency, currentTime],
  shopping: [searchCatalogue, orderStatus],
};

/** The agents hold each other by hand-offs, so all are made first and joined afterwards. */
function buildAgents(): Map<string, Agent> {
  const agents = new Map(
    agentDirectory.map((profile) => [
      profile.id,
      new Agent({
        name: profile.name,
        handoffDescription: profile.description,
        instructions: instructionsFor(profile.id),
        tools: (tools[profile.id] ?? []).map((tool) => bound(tool)),
      }),
    ]),
  );
  for (const { id, handoffs } of agentDirectory) {
    const agent = agents.get(id);
    if (agent) agent.handoffs = handoffs.flatMap((other) => agents.get(other) ?? []);
  }
  return agents;
}

const agents = buildAgents();

/** The agent that answers for an id. The model is the runner's choice, never the agent's. */
export function agentFor(id: string): Agent {
  const agent = agents.get(id);
  if (!agent) throw new AppError("not_found", "There is no such agent; choose another one.");
  return agent;
}
