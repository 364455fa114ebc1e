// Three specialists on one session: each sees what the others said.
import { Agent, run } from "@openai/agents";
import { SQLiteSession } from "../lib/sessions/index.ts";
import { pretend, recall } from "./model.ts";

export async function main(print = console.log): Promise<void> {
  const support = new Agent({
    name: "Support",
    model: pretend({ when: /broken/, say: () => "Sorry to hear that. Ticket T-7." }),
  });
  const billing = new Agent({
    name: "Billing",
    model: pretend({ when: /refund/, say: (heard) => `Refunded, for ticket ${recall(heard, /Ticket (T-\d)/)}.` }),
  });
  const sales = new Agent({
    name: "Sales",
    model: pretend({ when: /new one/, say: (heard) => `A new ${recall(heard, /my (\w+) is broken/)} is 40 euros.` }),
  });

  const session = new SQLiteSession({ conversationId: "alice:shop/1" });
  print((await run(support, "Hello, my lamp is broken.", { session })).finalOutput);
  print((await run(billing, "I would like a refund.", { session })).finalOutput);
  print((await run(sales, "What does a new one cost?", { session })).finalOutput);
  print(`${(await session.turns()).length} turns in one conversation`);
  await session.close();
}

if (process.argv[1] === import.meta.filename) await main();
