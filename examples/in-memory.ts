// In memory: for tests and throw-away conversations. Nothing is written anywhere.
import { Agent, run } from "@openai/agents";
import { MemorySession } from "../lib/sessions/index.ts";
import { pretend } from "./model.ts";

export async function main(print = console.log): Promise<void> {
  const agent = new Agent({ name: "Assistant", model: pretend() });
  const session = new MemorySession();

  await run(agent, "Nobody will know.", { session });
  print(`Before: ${(await session.getItems()).length} items`);
  const undone = await session.popItem();
  print(`Taken back: ${undone?.type}`);
  await session.clearSession();
  print(`After: ${(await session.getItems()).length} items`);
}

if (process.argv[1] === import.meta.filename) await main();
