// Clean-up: what nobody wrote to for 30 days goes. First say what that would be.
import { Agent, run } from "@openai/agents";
import { cleanup, SQLiteSession } from "../lib/sessions/index.ts";
import { pretend } from "./model.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

export async function main(print = console.log, path = "clean-up.db"): Promise<void> {
  const agent = new Agent({ name: "Assistant", model: pretend() });
  for (const conversationId of ["alice:chat/1", "bob:chat/1"]) {
    await using session = new SQLiteSession({ conversationId, path });
    await run(agent, "Hello", { session });
  }

  const now = Date.now() + 31 * DAY_MS; // as if it were a month later
  const would = await cleanup({ path, inactiveDays: 30, dryRun: true, now });
  print(`Would remove ${would.removed.join(", ")}`);
  const done = await cleanup({ path, inactiveDays: 30, prefix: "alice:", now });
  print(`Removed ${done.removed.join(", ")}`);
  print(`Left: ${(await cleanup({ path, inactiveDays: 30, dryRun: true, now })).removed.join(", ")}`);
}

if (process.argv[1] === import.meta.filename) await main();
