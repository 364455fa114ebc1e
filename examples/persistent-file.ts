// A persistent file: conversations that outlive the program. Many of them share one file.
import { Agent, run } from "@openai/agents";
import { SQLiteSession } from "../lib/sessions/index.ts";
import { pretend, recall } from "./model.ts";

export async function main(print = console.log, path = "conversations.db"): Promise<void> {
  const agent = new Agent({
    name: "Assistant",
    model: pretend({ when: /which city/i, say: (heard) => `You live in ${recall(heard, /I live in (\w+)/)}.` }),
  });

  const first = new SQLiteSession({ conversationId: "alice:travel/1", path });
  await run(agent, "I live in Lisbon.", { session: first });
  await first.close();

  // As good as another program: nothing is shared but the file.
  const second = new SQLiteSession({ conversationId: "alice:travel/1", path });
  print((await run(agent, "Which city do I live in?", { session: second })).finalOutput);
  await second.close();

  const other = new SQLiteSession({ conversationId: "alice:travel/2", path });
  print((await run(agent, "Which city do I live in?", { session: other })).finalOutput);
  await other.close();
}

if (process.argv[1] === import.meta.filename) await main();
