// Triage with hand-offs and escalation. The session knows who spoke and who has the floor.
import { Agent, handoff, Runner } from "@openai/agents";
import { SQLiteSession } from "../lib/sessions/index.ts";
import { pretend } from "./model.ts";

export async function main(print = console.log): Promise<void> {
  const supervisor = new Agent({
    name: "Supervisor",
    model: pretend({ when: /Supervisor/, say: () => "I'll see to it myself." }),
  });
  const billing = new Agent({
    name: "Billing",
    handoffs: [handoff(supervisor)],
    model: pretend(
      { when: /unacceptable/, call: "transfer_to_Supervisor" },
      { when: /Billing/, say: () => "Your invoice is right." },
    ),
  });
  const triage = new Agent({
    name: "Triage",
    handoffs: [handoff(billing)],
    model: pretend({ when: /invoice/, call: "transfer_to_Billing" }),
  });
  const agents = new Map([triage, billing, supervisor].map((agent) => [agent.name, agent]));

  const session = new SQLiteSession({ conversationId: "alice:support/1" });
  const runner = new Runner({ tracingDisabled: true });
  session.observe(runner);

  for (const said of ["My invoice is wrong.", "That is unacceptable!"]) {
    // Whoever had the floor last goes on: Triage is asked only once.
    const agent = agents.get((await session.info())?.agent ?? "") ?? triage;
    const { finalOutput } = await runner.run(agent, said, { session });
    print(`${(await session.info())?.agent}: ${finalOutput}`);
  }
  for (const turn of await session.turns()) print(`${turn.preview} (${turn.agents.join(" -> ")})`);
  await session.close();
}

if (process.argv[1] === import.meta.filename) await main();
