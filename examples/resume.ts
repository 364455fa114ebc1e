// Resuming on another day, in another process: start this twice, with the same file.
import { Agent, run } from "@openai/agents";
import { SQLiteSession } from "../lib/sessions/index.ts";
import { pretend, recall } from "./model.ts";

export async function main(print = console.log, path = "resume.db"): Promise<void> {
  const agent = new Agent({
    name: "Tutor",
    model: pretend({ when: /where were we/i, say: (heard) => `We were at ${recall(heard, /at (chapter \d)/)}.` }),
  });
  await using session = new SQLiteSession({ conversationId: "alice:lessons/1", path });

  const before = await session.info();
  if (before) {
    print(`Welcome back after ${before.turns} turns.`);
    print((await run(agent, "Where were we?", { session })).finalOutput);
  } else {
    await run(agent, "Let us stop for today at chapter 3.", { session });
    print("See you tomorrow.");
  }
}

if (process.argv[1] === import.meta.filename) await main(console.log, process.argv[2]);
