// Namespaces: two users, two kinds of conversation, and nothing ever mixes.
import { Agent, run } from "@openai/agents";
import { LibsqlStore, sessionFor, sessionsIn } from "../lib/sessions/index.ts";
import { pretend, recall } from "./model.ts";

export async function main(print = console.log): Promise<void> {
  const agent = new Agent({
    name: "Assistant",
    model: pretend({ when: /my secret/i, say: (heard) => `Your secret is ${recall(heard, /secret: (\w+)/)}.` }),
  });
  const store = new LibsqlStore();
  const alice = sessionFor({ userId: "alice", type: "support", conversation: "1", store });
  const bob = sessionFor({ userId: "bob", type: "support", conversation: "1", store });
  await run(agent, "I tell you a secret: swordfish", { session: alice });

  print((await run(agent, "What is my secret?", { session: alice })).finalOutput);
  print((await run(agent, "What is my secret?", { session: bob })).finalOutput);
  await run(agent, "Hello", { session: sessionFor({ userId: "alice", type: "sales", store }) });

  for await (const id of sessionsIn(store, { userId: "alice", type: "support" })) print(id);
  await store.close();
}

if (process.argv[1] === import.meta.filename) await main();
