import { and, eq, sql } from "drizzle-orm";
import { database } from "#db/client.ts";
import { runs } from "#db/schema.ts";
import type { Owned, Run } from "#lib/access.ts";
import { abort } from "./live.ts";
import { hearStops, sayStop } from "./stop-word.ts";

/** Asks for the end of a run, wherever it is executed. What was written so far stays. */
export async function stopRun(run: Owned<Run>): Promise<void> {
  if (run.status !== "running" || abort(run.id)) return;
  if (await mark(run.id)) await sayStop(run.id);
}

/** Writes down that the run is to end, so that it is heard even when no word arrives. False when it has ended. */
async function mark(run: string): Promise<boolean> {
  const marked = await database()
    .update(runs)
    .set({ stopRequestedAt: sql`coalesce(${runs.stopRequestedAt}, ${Date.now()})` })
    .where(and(eq(runs.id, run), eq(runs.status, "running")))
    .returning({ id: runs.id });
  return marked.length > 0;
}

/** Ends runs of this process that somebody stops through another one. Returns how to leave. */
export const hearStopsHere = (): (() => void) => hearStops((run) => abort(run));
