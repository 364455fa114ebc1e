// Basic memory: the agent remembers what was said, turn after turn, without any code of yours.
import { Agent, run } from "@openai/agents";
import { SQLiteSession } from "../lib/sessions/index.ts";
import { pretend, recall } from "./model.ts";

export async function main(print = console.log): Promise<void> {
  const agent = new Agent({
    name: "Assistant",
    instructions: "Answer in one sentence.",
    model: pretend({ when: /what is my name/i, say: (heard) => `Your name is ${recall(heard, /my name is (\w+)/i)}.` }),
  });
  const session = new SQLiteSession({ conversationId: "alice:chat/1" });

  await run(agent, "Hello, my name is Alice.", { session });
  const { finalOutput } = await run(agent, "What is my name?", { session });
  print(finalOutput);
  print(`${(await session.getItems()).length} items are remembered.`);
  await session.close();
}

if (process.argv[1] === import.meta.filename) await main();
