// Natural references: "it" and "there" work, because each turn sees the ones before.
import { Agent, run } from "@openai/agents";
import { MemorySession } from "../lib/sessions/index.ts";
import { pretend, recall } from "./model.ts";

export async function main(print = console.log): Promise<void> {
  const bridge = (heard: string) => recall(heard, /(Golden Gate Bridge|Tower Bridge)/);
  const agent = new Agent({
    name: "Guide",
    model: pretend(
      { when: /where is it/i, say: (heard) => `The ${bridge(heard)} is in San Francisco.` },
      { when: /how do I get there/i, say: (heard) => `To the ${bridge(heard)}? Take bus 28.` },
      { when: /bridge/i, say: () => "It was opened in 1937." },
    ),
  });
  const session = new MemorySession();
  for (const question of ["When was the Golden Gate Bridge opened?", "Where is it?", "How do I get there?"]) {
    print(`> ${question}`);
    print((await run(agent, question, { session })).finalOutput);
  }
}

if (process.argv[1] === import.meta.filename) await main();
