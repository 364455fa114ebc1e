import { client } from "#db/client.ts";
import { migrate, prepareConnection } from "#db/migrate.ts";
import { migrateSessions } from "#db/migrations/sessions.ts";
import type { User } from "#lib/access.ts";
import { accountByEmail, normaliseEmail } from "#lib/accounts.ts";
import { AppError } from "#lib/errors.ts";

/** What `npm run export` and `npm run import` begin with: who runs them has the database anyway. */
export async function userOfShell(email: string | undefined): Promise<User> {
  if (!email) throw new AppError("invalid", "Say whose conversations they are: --user EMAIL.");
  await prepareConnection();
  await migrate(client());
  await migrateSessions(client());
  const account = await accountByEmail(normaliseEmail(email));
  if (!account) throw new AppError("not_found", `There is no account with the email ${email}.`);
  const { id, name, role } = account;
  return { id, name, email: account.email, role };
}

/** Runs a command to its end; what stands in the way is one sentence and a failure. */
export async function runCommand(command: () => Promise<boolean | undefined>): Promise<void> {
  try {
    if ((await command()) === false) process.exitCode = 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
