// Remembered preferences: the agent keeps them in the session's metadata through a tool, and
// every later turn gets them in its instructions, however long ago they were said.
import { Agent, run, tool } from "@openai/agents";
import { z } from "zod";
import { SQLiteSession } from "../lib/sessions/index.ts";
import { pretend } from "./model.ts";

export async function main(print = console.log): Promise<void> {
  const session = new SQLiteSession({ conversationId: "alice:food/1" });
  const remember = tool({
    name: "remember_diet",
    description: "Remembers that the user eats no meat",
    parameters: z.object({}),
    execute: async () => {
      await session.setMetadata({ diet: "vegetarian" });
      return "noted";
    },
  });
  const agent = new Agent({
    name: "Cook",
    instructions: async () => `What is known of the user: ${JSON.stringify((await session.info())?.metadata ?? {})}`,
    tools: [remember],
    model: pretend({ when: /no meat/i, call: "remember_diet" }, { when: /noted/, say: () => "I'll remember that." }),
  });

  print((await run(agent, "By the way, I eat no meat.", { session })).finalOutput);
  await session.clearSession();
  print(await agent.getSystemPrompt(undefined as never));
  await session.close();
}

if (process.argv[1] === import.meta.filename) await main();
