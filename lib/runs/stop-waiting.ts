import { and, eq } from "drizzle-orm";
import { database } from "#db/client.ts";
import { databaseNow } from "#db/now.ts";
import { runs } from "#db/schema.ts";
import { settleRun } from "./settle.ts";

/** Ends a run that waits for the person: its calls are cancelled. False when it does not wait any more. */
export async function stopWaiting(run: string): Promise<boolean> {
  const claimed = await database()
    .update(runs)
    .set({ status: "running", heartbeatAt: databaseNow })
    .where(and(eq(runs.id, run), eq(runs.status, "waiting")))
    .returning()
    .get();
  if (!claimed) return false;
  await settleRun(claimed, "stopped");
  return true;
}
