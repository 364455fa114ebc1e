import { and, eq, isNotNull, ne, sql } from "drizzle-orm";
import { ulid } from "ulid";
import { database } from "#db/client.ts";
import { lookup } from "#db/lookup.ts";
import { accounts, namespaces, users } from "#db/schema.ts";
import type { User } from "./access.ts";
import { AppError } from "./errors.ts";
import { mergeGuest } from "./guests.ts";
import { startingNamespaces } from "./namespaces.ts";

/** An account at another provider, as the provider described it. */
export interface Identity {
  provider: string;
  providerAccountId: string;
  type: string;
}

export interface NewAccount {
  name: string | null;
  /** Normalised. */
  email: string | null;
  /** Whether somebody showed that the address is theirs. */
  emailVerified?: boolean;
  image?: string | null;
  passwordHash?: string;
  identity?: Identity;
}

const userColumns = { id: users.id, name: users.name, email: users.email, role: users.role };

export const normaliseEmail = (email: string): string => email.trim().toLowerCase();

const findSession = lookup({ ...userColumns, validFrom: users.sessionsValidFrom }, (columns) =>
  database()
    .select(columns)
    .from(users)
    .where(eq(users.id, sql.placeholder("id")))
    .prepare(),
);

/** The user of a session that was begun at this moment (ms); null when they are gone or have ended it. */
export async function userOfSession(id: string, began: number): Promise<User | null> {
  const row = await findSession({ id });
  if (!row || began < row.validFrom) return null;
  return { id: row.id, name: row.name, email: row.email, role: row.role };
}

/**
 * Makes an account with its first namespaces, and moves what the guest had into it. The first account
 * of an instance is its owner's; later ones are made only while signing up is open. One atomic batch:
 * of two people who come at once, one is the owner.
 */
export async function createAccount(given: NewAccount, rules: { open: boolean; guest: User | null }): Promise<User> {
  const id = ulid();
  const { identity, emailVerified, ...described } = given;
  const first = sql`not exists (select 1 from ${users} where ${users.role} <> 'guest')`;
  // No role means no account: the column refuses null, and with it the whole batch.
  const role = sql<"owner" | "member">`case when ${first} then 'owner' ${rules.open ? sql`else 'member'` : sql``} end`;
  const insertUser = database()
    .insert(users)
    .values({ ...described, id, emailVerified: emailVerified ? new Date() : null, role })
    .returning(userColumns);
  try {
    const [[user]] = await database().batch([
      insertUser,
      ...(identity
        ? [
            database()
              .insert(accounts)
              .values({ ...identity, userId: id }),
          ]
        : []),
      ...(rules.guest ? mergeGuest(rules.guest, id) : []),
      database().insert(namespaces).values(startingNamespaces(id)).onConflictDoNothing(),
    ]);
    if (!user) throw new Error("The new user was not returned.");
    return user;
  } catch (error) {
    throw refusalOf(error) ?? error;
  }
}

/** Makes a guest: a user with nothing but an id and the first namespaces. */
export async function createGuest(): Promise<User> {
  const user: User = { id: ulid(), name: "Guest", email: null, role: "guest" };
  await database().batch([
    database().insert(users).values(user),
    database().insert(namespaces).values(startingNamespaces(user.id)),
  ]);
  return user;
}

/** The account with this email, with what is needed to check a sign-in. */
export async function accountByEmail(email: string) {
  return database()
    .select({ ...userColumns, passwordHash: users.passwordHash, emailVerified: users.emailVerified })
    .from(users)
    .where(eq(users.email, email))
    .get();
}

/** The user whose identity at another provider this is. */
export async function userByIdentity(identity: Identity): Promise<User | undefined> {
  return database()
    .select(userColumns)
    .from(accounts)
    .innerJoin(users, eq(users.id, accounts.userId))
    .where(and(eq(accounts.provider, identity.provider), eq(accounts.providerAccountId, identity.providerAccountId)))
    .get();
}

/** Lets an identity at another provider sign in as this user from now on. */
export async function linkIdentity(userId: string, identity: Identity): Promise<void> {
  await database()
    .insert(accounts)
    .values({ ...identity, userId })
    .onConflictDoNothing();
}

/** Whether nobody has an account yet, so that the next one is the owner's. */
export async function isUnclaimed(): Promise<boolean> {
  const row = await database().select({ id: users.id }).from(users).where(ne(users.role, "guest")).limit(1).get();
  return row === undefined;
}

export async function renameUser(user: User, name: string): Promise<void> {
  await database().update(users).set({ name }).where(eq(users.id, user.id));
}

/** Whether the user signs in with a password, rather than through another provider only. */
export async function hasPassword(user: User): Promise<boolean> {
  const row = await database()
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.id, user.id), isNotNull(users.passwordHash)))
    .get();
  return row !== undefined;
}

/** Sets a new password and ends every session that was begun before. */
export async function replacePassword(user: User, passwordHash: string): Promise<void> {
  await database().update(users).set({ passwordHash, sessionsValidFrom: Date.now() }).where(eq(users.id, user.id));
}

/** Ends every session of the user, on every device. */
export async function endSessions(user: User): Promise<void> {
  await database().update(users).set({ sessionsValidFrom: Date.now() }).where(eq(users.id, user.id));
}

function refusalOf(error: unknown): AppError | undefined {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const message = cause instanceof Error ? cause.message : "";
  if (message.includes("users.email")) return emailTaken();
  if (message.includes("users.role")) return signUpClosed();
  return undefined;
}

export const emailTaken = () =>
  new AppError("conflict", "There is already an account with this email. Sign in instead.");

export const signUpClosed = () =>
  new AppError(
    "invalid",
    "New accounts are closed on this instance. Ask its owner, or sign in if you have an account.",
  );
