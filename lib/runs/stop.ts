import { and, eq, isNull } from "drizzle-orm";
import { database } from "#db/client.ts";
import { runs } from "#db/schema.ts";
import type { Owned, Run } from "#lib/access.ts";
import { abort } from "./live.ts";

/** Asks for the end of a run, wherever it is executed. What was written so far stays. */
export async function stopRun(run: Owned<Run>): Promise<void> {
  if (run.status !== "running" || abort(run.id)) return;
  await database()
    .update(runs)
    .set({ stopRequestedAt: Date.now() })
    .where(and(eq(runs.id, run.id), isNull(runs.stopRequestedAt)));
}
