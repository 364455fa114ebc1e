import { setTimeout as pause } from "node:timers/promises";
import { eq } from "drizzle-orm";
import { database } from "#db/client.ts";
import { runs } from "#db/schema.ts";
import { log } from "#lib/log.ts";
import { eventLog } from "./events/choose.ts";
import { abort, liveRuns, lostReason } from "./live.ts";
import { RunLostError } from "./record.ts";
import { settleRun } from "./settle.ts";

/** How long a run may take to end by itself, in milliseconds. */
const patience = 2000;
const lookEvery = 20;

/**
 * Ends the runs of this process before it exits, as interrupted and with all that they wrote, so
 * that nobody has to wait until another process finds them dead. Never rejects.
 */
export async function windDown(): Promise<void> {
  const until = Date.now() + patience;
  // Over and over: a message that comes in at the last moment begins one more.
  while (liveRuns().length > 0 && Date.now() < until) {
    for (const run of liveRuns()) abort(run, lostReason);
    await pause(lookEvery);
  }
  await eventLog().flush();
  await Promise.all(liveRuns().map(settle));
}

/** Ends a run that does not come to its end here: a tool that hangs holds nobody up. */
async function settle(id: string): Promise<void> {
  try {
    const run = await database().select().from(runs).where(eq(runs.id, id)).get();
    if (run?.status === "running") await settleRun(run, "interrupted");
  } catch (error) {
    if (!(error instanceof RunLostError)) log().error({ err: error, run: id }, "a run could not be ended in time");
  }
}
