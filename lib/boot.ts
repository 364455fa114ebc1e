import { client } from "#db/client.ts";
import { migrate, prepareConnection } from "#db/migrate.ts";
import { migrateSessions } from "#db/migrations/sessions.ts";
import { env } from "#env.ts";
import { log } from "./log.ts";
import { currentModel } from "./models/current.ts";
import { abort, liveRuns, lostReason } from "./runs/live.ts";
import { watchOverRuns } from "./runs/recover.ts";
import { hearStopsHere } from "./runs/stop.ts";
import { backfillSearch } from "./search/backfill.ts";
import { instanceSecret } from "./secrets.ts";

/** Boots, or ends the process with the one sentence that says what stands in the way. */
export async function bootOrExit(): Promise<void> {
  try {
    await boot();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}

/** What happens once when a process starts to serve: nothing is served before it is done. */
async function boot(): Promise<void> {
  await prepareConnection();
  await migrate(client());
  await migrateSessions(client());
  instanceSecret();
  const unwatch = watchOverRuns();
  hearStopsHere();
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      unwatch();
      for (const run of liveRuns()) abort(run, lostReason);
    });
  }
  backfillSearch().catch((error) => log().error({ err: error }, "the search index could not be completed"));
  const { label } = await currentModel();
  log().debug({ port: env.PORT, model: label }, "ready");
}
