// `npm run sweep`: removes for good what nobody can want any more; with `--dry-run` it only says what.
import { client } from "#db/client.ts";
import { migrate, prepareConnection } from "#db/migrate.ts";
import { migrateSessions } from "#db/migrations/sessions.ts";
import { sweep } from "#lib/retention.ts";

const unknown = process.argv.slice(2).filter((word) => word !== "--dry-run");
if (unknown.length > 0) {
  console.error(`npm run sweep knows --dry-run and nothing else; it was given ${unknown.join(" ")}.`);
  process.exit(1);
}
const dryRun = process.argv.includes("--dry-run");

await prepareConnection();
await migrate(client());
await migrateSessions(client());
const { binned, expired, guests, unreachable } = await sweep({ dryRun });
const verb = dryRun ? "Would remove" : "Removed";
console.log(
  `${verb} ${binned} conversations from the bin, ${expired} past their time, ${guests} guests who left nothing,`,
);
console.log(`and ${unreachable} stretches of history that no branch reaches. ${dryRun ? "Nothing was changed." : ""}`);
