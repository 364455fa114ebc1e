// `npm run db:migrate`: brings the database to this version. The server does the same when it starts.
import { client, databaseUrl } from "#db/client.ts";
import { migrate, prepareConnection } from "#db/migrate.ts";
import { migrateSessions } from "#db/migrations/sessions.ts";

try {
  await prepareConnection();
  await migrate(client());
  await migrateSessions(client());
  console.log(`The database at ${databaseUrl()} is up to date.`);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
