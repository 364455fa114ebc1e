import { keepCheckpointing } from "#db/checkpoints.ts";
import { client, databaseUrl } from "#db/client.ts";
import { migrate, prepareConnection } from "#db/migrate.ts";
import { migrateSessions } from "#db/migrations/sessions.ts";
import { env } from "#env.ts";
import { log } from "./log.ts";
import { currentModel } from "./models/current.ts";
import { watchOverRuns } from "./runs/recover.ts";
import { hearStopsHere } from "./runs/stop.ts";
import { windDown } from "./runs/wind-down.ts";
import { backfillSearch } from "./search/backfill.ts";
import { instanceSecret } from "./secrets.ts";
import { troubleOf } from "./trouble.ts";

/** What `scripts/serve.mjs` does before it ends the process. */
const shared = globalThis as typeof globalThis & { switchboardWindDown?: () => Promise<void> };

/** Boots, or ends the process with the one sentence that says what stands in the way. */
export async function bootOrExit(): Promise<void> {
  try {
    await boot();
  } catch (error) {
    process.stderr.write(`${complaintOf(error)}\n`);
    process.exit(1);
  }
}

function complaintOf(error: unknown): string {
  const trouble = troubleOf(error);
  if (trouble === "locked") return `${databaseUrl()} is locked by another program. End that one, then start again.`;
  if (trouble === "full") return `There is no room left for ${databaseUrl()}. Make some, then start again.`;
  if (trouble === "unreachable") return "DATABASE_URL names a server that does not answer. Start it, then start again.";
  if (trouble === "unwritable" || isRefusedFolder(error)) {
    const place = env.DATABASE_URL?.startsWith("file:")
      ? `DATABASE_URL ${env.DATABASE_URL}`
      : `DATA_DIR ${env.DATA_DIR}`;
    return `${place} cannot be written to. Give this account the right to, or choose another place.`;
  }
  return error instanceof Error ? error.message : String(error);
}

const isRefusedFolder = (error: unknown): boolean =>
  error instanceof Error && "code" in error && /^(EACCES|EPERM|EROFS|ENOTDIR|EEXIST)$/.test(String(error.code));

/** What happens once when a process starts to serve: nothing is served before it is done. */
async function boot(): Promise<void> {
  await prepareConnection();
  await migrate(client());
  await migrateSessions(client());
  instanceSecret();
  keepCheckpointing((error) =>
    log().warn({ err: error }, "the database's log could not be taken in; it is tried again"),
  );
  const unwatch = watchOverRuns();
  hearStopsHere();
  shared.switchboardWindDown = async () => {
    unwatch();
    await windDown();
  };
  backfillSearch().catch((error) => log().error({ err: error }, "the search index could not be completed"));
  const { label } = await currentModel();
  log().debug({ port: env.PORT, model: label }, "ready");
}
