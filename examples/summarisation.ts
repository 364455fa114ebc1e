// Periodic summarisation: what grows too long is put in short for the model. The originals stay.
import { Agent, run } from "@openai/agents";
import { SQLiteSession, withCompaction } from "../lib/sessions/index.ts";
import { pretend } from "./model.ts";

export async function main(print = console.log): Promise<void> {
  const agent = new Agent({ name: "Assistant", model: pretend() });
  const writer = new Agent({
    name: "Writer",
    instructions: "Put this conversation in short.",
    model: pretend({
      when: /./,
      say: (heard) => `They spoke of ${[...heard.matchAll(/topic (\d)/g)].map(([, n]) => n).join(", ")}.`,
    }),
  });
  const session = withCompaction(new SQLiteSession({ conversationId: "alice:chat/long" }), {
    maxTurns: 4,
    keepTurns: 2,
    summarize: async (items) => (await run(writer, items)).finalOutput ?? "",
  });

  for (let topic = 1; topic <= 6; topic++) await run(agent, `Let us speak of topic ${topic}.`, { session });
  const [summary] = await session.getItems();
  print(summary && "content" in summary ? summary.content : "");
  print(`The model gets ${(await session.getItems()).length} items, ${(await session.history()).length} are kept.`);
  await session.close();
}

if (process.argv[1] === import.meta.filename) await main();
