import { and, eq, sql } from "drizzle-orm";
import { database } from "#db/client.ts";
import { runs } from "#db/schema.ts";
import type { Owned, Run } from "#lib/access.ts";
import { abort } from "./live.ts";
import { stopWaiting } from "./stop-waiting.ts";
import { hearStops, sayStop } from "./stop-word.ts";

/** Asks for the end of a run, wherever it is executed. What was written so far stays. */
export async function stopRun(run: Owned<Run>): Promise<void> {
  // It may come to rest, or go on, in this very moment: then it is looked at again.
  for (let now: Run | undefined = run; now; now = await readAgain(run)) {
    if (now.status === "waiting") {
      if (await stopWaiting(run.id)) return;
    } else if (now.status === "running") {
      if (abort(run.id)) return;
      if (await mark(run.id)) return sayStop(run.id);
    } else return;
  }
}

const readAgain = ({ id }: Run): Promise<Run | undefined> =>
  database().select().from(runs).where(eq(runs.id, id)).get();

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
