import { eq, sql } from "drizzle-orm";
import { database } from "#db/client.ts";
import { audit, conversations, runEvents, runs, users } from "#db/schema.ts";
import type { User } from "./access.ts";
import { accountByEmail, hasPassword, replacePassword } from "./accounts.ts";
import { AppError } from "./errors.ts";
import { checked, passwordField } from "./fields.ts";
import { history } from "./history.ts";
import { giveBack, limit } from "./limits.ts";
import { hashPassword, passwordFits } from "./passwords.ts";
import { abort } from "./runs/live.ts";
import { discardUploads } from "./transfer/uploads.ts";

/** What people change about their own account. */

/** Sets a password, and ends all sessions. Who has one already has to know it. */
export async function changePassword(user: User, given: { current: string; next: string }): Promise<void> {
  if (!user.email) throw new AppError("invalid", "A password needs an account with an email. Create an account first.");
  const next = checked(passwordField, given.next);
  await provePassword(user, given.current);
  await replacePassword(user, await hashPassword(next));
}

/**
 * Removes the account with all that belongs to it, for good. When its owner leaves, the instance
 * goes to the oldest other account: without an owner nobody could look after it.
 */
export async function closeAccount(user: User, given: { password: string }): Promise<void> {
  await provePassword(user, given.password);
  const [owned, executed] = await Promise.all([
    database().select({ id: conversations.id }).from(conversations).where(eq(conversations.userId, user.id)),
    database().select({ id: runs.id }).from(runs).where(eq(runs.userId, user.id)),
  ]);
  for (const { id } of executed) abort(id);
  // The histories first: should this be interrupted, the person can still sign in and do it again.
  for (const { id } of owned) await history().remove(id);
  await discardUploads(user);
  const theirs = database().select({ id: runs.id }).from(runs).where(eq(runs.userId, user.id));
  const oldest = sql`select id from ${users} where role = 'member' order by created_at, id limit 1`;
  const orphaned = sql`not exists (select 1 from ${users} where role = 'owner')`;
  await database().batch([
    database().delete(runEvents).where(sql`${runEvents.run} in ${theirs}`),
    database().update(audit).set({ userId: null, details: null }).where(eq(audit.userId, user.id)),
    database().delete(users).where(eq(users.id, user.id)),
    database().update(users).set({ role: "owner" }).where(sql`id = (${oldest}) and ${orphaned}`),
  ]);
}

/** Throws `invalid` unless the password is this user's; who has none needs none. */
async function provePassword(user: User, password: string): Promise<void> {
  if (!user.email || !(await hasPassword(user))) return;
  await limit("signIn", user.email);
  const account = await accountByEmail(user.email);
  if (!(await passwordFits(password, account?.passwordHash ?? null))) {
    throw new AppError("invalid", "That is not your password. Check it and try again.");
  }
  await giveBack("signIn", user.email);
}
