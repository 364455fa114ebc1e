import { and, eq, lt, type SQL, sql } from "drizzle-orm";
import { database } from "#db/client.ts";
import { databaseNow } from "#db/now.ts";
import { notOver, runs } from "#db/schema.ts";
import { log } from "#lib/log.ts";
import { eventLog } from "./events/choose.ts";
import { heartbeatInterval, liveRuns, staleAfter } from "./live.ts";
import { beginOverdue } from "./overdue.ts";
import { RunLostError } from "./record.ts";
import { settleRun } from "./settle.ts";

/** How long the events of an ended run can still be asked for by number, in milliseconds. */
const keepEvents = 10 * 60_000;

/**
 * Ends the runs whose process died: keeps what they wrote and settles the calls they left open.
 * Dead is whoever has not said since `silentSince` (ms, by the database's clock) that it lives.
 */
export async function recoverRuns(silentSince: number | SQL = sql`${databaseNow} - ${staleAfter}`): Promise<void> {
  const stale = await database()
    .select()
    .from(runs)
    .where(and(notOver, eq(runs.status, "running"), lt(runs.heartbeatAt, silentSince)));
  // A process that has slept finds its own runs as old as those of the dead: they go on here.
  const own = new Set(liveRuns());
  for (const run of stale.filter(({ id }) => !own.has(id))) {
    try {
      await settleRun(run, "interrupted");
      log().warn({ run: run.id }, "a run lost its process and was ended");
    } catch (error) {
      if (error instanceof RunLostError) continue;
      log().error({ err: error, run: run.id }, "a run that lost its process could not be ended");
    }
  }
}

/** Looks after runs of dead processes from now on. Returns how to end it. */
export function watchOverRuns(): () => void {
  const look = async () => {
    try {
      await recoverRuns();
      await beginOverdue(Date.now() - staleAfter);
      await eventLog().forget(Date.now() - keepEvents);
    } catch (error) {
      log().error({ err: error }, "runs could not be looked after");
    }
  };
  const timer = setInterval(() => void look(), heartbeatInterval);
  timer.unref();
  void look();
  return () => clearInterval(timer);
}
