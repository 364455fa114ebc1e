// Export to JSON and import under a new id: our own document, and the plain list of messages.
import { Agent, run } from "@openai/agents";
import { exportSession, importSession, SQLiteSession } from "../lib/sessions/index.ts";
import { pretend, recall } from "./model.ts";

export async function main(print = console.log): Promise<void> {
  const agent = new Agent({
    name: "Assistant",
    model: pretend({ when: /my dog/i, say: (heard) => `Your dog is called ${recall(heard, /called (\w+)/)}.` }),
  });
  const session = new SQLiteSession({ conversationId: "alice:pets/1" });
  await run(agent, "I have a dog called Rex.", { session });
  const document = JSON.stringify(await exportSession(session));

  const copy = new SQLiteSession({ conversationId: "alice:pets/copy" });
  const { items, branches } = await importSession(document, copy);
  print(`${items} items on ${branches} branch came in.`);
  print((await run(agent, "What is my dog called?", { session: copy })).finalOutput);

  const plain = {
    conversation_id: "from somewhere else",
    exported_at: "2026-11-22T10:00:00.000Z",
    messages: [
      { role: "user", content: "I have a dog called Bella." },
      { role: "assistant", content: "How nice." },
    ],
  };
  const foreign = new SQLiteSession({ conversationId: "alice:pets/2" });
  await importSession(plain, foreign);
  print((await run(agent, "What is my dog called?", { session: foreign })).finalOutput);
}

if (process.argv[1] === import.meta.filename) await main();
