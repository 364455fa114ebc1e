// Redis with a time to live: for many servers that share short-lived conversations.
import { Agent, run } from "@openai/agents";
import { RedisSession } from "../lib/sessions/index.ts";
import { pretend, recall } from "./model.ts";

export async function main(print = console.log, url = "redis://127.0.0.1:6379", ttl = 3600): Promise<void> {
  const agent = new Agent({
    name: "Assistant",
    model: pretend({ when: /what did I say/i, say: (heard) => `You said ${recall(heard, /I say (\w+)/)}.` }),
  });
  // The whole session is forgotten so many seconds after the last write.
  const session = new RedisSession({ conversationId: "alice:chat/1", url, ttl, keyPrefix: "example:" });
  await run(agent, "I say hello.", { session });

  const onAnotherServer = new RedisSession({ conversationId: "alice:chat/1", url, ttl, keyPrefix: "example:" });
  print((await run(agent, "What did I say?", { session: onAnotherServer })).finalOutput);
  print(`${(await session.getItems()).length} items, forgotten in ${ttl} seconds`);
  await session.close();
  await onAnotherServer.close();
}

if (process.argv[1] === import.meta.filename) await main(console.log, process.argv[2]);
