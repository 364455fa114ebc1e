// Metadata and what is known of a session: for lists, for statistics, for a log.
import { Agent, run } from "@openai/agents";
import { type Activity, SQLiteSession } from "../lib/sessions/index.ts";
import { pretend } from "./model.ts";

export async function main(print = console.log): Promise<void> {
  const activities: Activity[] = [];
  const session = new SQLiteSession({
    conversationId: "alice:support/1",
    onActivity: (activity) => activities.push(activity),
  });
  const agent = new Agent({ name: "Assistant", model: pretend() });
  await run(agent, "My order A-17 has not arrived.", { session });
  await session.setMetadata({ title: "Order A-17", priority: "high" });
  await session.setMetadata({ priority: "low", tags: ["delivery"] });

  const info = await session.info();
  print(JSON.stringify(info?.metadata));
  print(
    `${info?.items} items, ${info?.turns} turn, last active ${info && info.lastActivityAt >= info.createdAt ? "after" : "before"} it began`,
  );
  print(`Used: ${(await session.usage()).total.requests} request`);
  print(activities.map(({ action, items }) => `${action} ${items}`).join(", "));
  await session.close();
}

if (process.argv[1] === import.meta.filename) await main();
