// Branching: two explorations of one conversation. Nothing is copied, nothing is lost.
import { Agent, run } from "@openai/agents";
import { SQLiteSession } from "../lib/sessions/index.ts";
import { pretend } from "./model.ts";

export async function main(print = console.log): Promise<void> {
  const agent = new Agent({
    name: "Planner",
    model: pretend(
      { when: /by train/, say: () => "Nine hours, by the sea." },
      { when: /by plane/, say: () => "Two hours, over the clouds." },
    ),
  });
  const session = new SQLiteSession({ conversationId: "alice:travel/1" });
  await run(agent, "I want to go to Lisbon.", { session });
  await run(agent, "And by train?", { session });

  // Another second question: fork where the second turn begins.
  const [, second] = await session.turns();
  const plane = await session.fork(second?.position ?? 0, "by plane");
  await run(agent, "And by plane?", { session: plane });

  await session.switchTo("by plane");
  for (const branch of await session.branches())
    print(`${branch.current ? "*" : " "} ${branch.name}: ${branch.length} items`);
  const [parting] = await session.partings();
  print(`Version ${(parting?.index ?? 0) + 1} / ${parting?.versions.length}`);
  print((await session.findTurns("clouds")).map(({ preview }) => preview).join());
  await session.close();
}

if (process.argv[1] === import.meta.filename) await main();
