import { z } from "zod";
import { database } from "#db/client.ts";
import { env } from "#env.ts";
import type { User } from "./access.ts";
import {
  accountByEmail,
  createAccount,
  createGuest,
  emailTaken,
  type Identity,
  isUnclaimed,
  linkIdentity,
  normaliseEmail,
  signUpClosed,
  userByIdentity,
} from "./accounts.ts";
import { record } from "./audit.ts";
import { AppError } from "./errors.ts";
import { checked, emailField, nameField, passwordField } from "./fields.ts";
import { mergeGuest } from "./guests.ts";
import { giveBack, limit } from "./limits.ts";
import { hashPassword, passwordFits } from "./passwords.ts";

/** The ways in. Each is limited, each keeps what a guest had. */

/** Who is at the door: the address that the request came from, and the guest who was there before. */
export interface Visitor {
  address: string;
  guest: User | null;
}

const signUpForm = z.object({ name: nameField, email: emailField, password: passwordField });
const signInForm = z.object({
  email: emailField,
  password: z
    .string({ error: "Enter your password." })
    .min(1, "Enter your password.")
    .max(1000, "That password is too long."),
});

/** Makes an account with a password. */
export async function signUp(input: unknown, visitor: Visitor): Promise<User> {
  await limit("signUp", visitor.address);
  const { name, email, password } = checked(signUpForm, input);
  if (!env.ALLOW_SIGN_UP && !(await isUnclaimed())) throw signUpClosed();
  if (await accountByEmail(email)) throw emailTaken();
  const passwordHash = await hashPassword(password);
  const user = await createAccount({ name, email, passwordHash }, { open: env.ALLOW_SIGN_UP, guest: visitor.guest });
  await record({ userId: user.id, action: "account.sign-up", details: { with: "password" } });
  return user;
}

/** Signs in with email and password. Only failures use up the limits. */
export async function signIn(input: unknown, visitor: Visitor): Promise<User> {
  const { email, password } = checked(signInForm, input);
  await limit("signInFrom", visitor.address);
  await limit("signIn", email);
  const account = await accountByEmail(email);
  if (!(await passwordFits(password, account?.passwordHash ?? null)) || !account) {
    throw new AppError("invalid", "The email or the password is wrong. Check both and try again.");
  }
  await Promise.all([giveBack("signInFrom", visitor.address), giveBack("signIn", email)]);
  const user: User = { id: account.id, name: account.name, email: account.email, role: account.role };
  return enter(user, visitor, "password");
}

/** Lets somebody in without an account. */
export async function enterAsGuest(visitor: Visitor): Promise<User> {
  if (!env.ALLOW_GUESTS) throw new AppError("invalid", "This instance takes no guests. Sign in or create an account.");
  if (visitor.guest) return visitor.guest;
  await limit("guest", visitor.address);
  return createGuest();
}

/** What another provider says about the person whom it signed in. */
export interface ProviderProfile extends Identity {
  name: string | null;
  email: string | null;
  emailVerified: boolean;
  image: string | null;
}

/**
 * Signs in through another provider. An account with the same email is taken for the same person
 * only when both sides have verified the address: otherwise anybody could take over an account by
 * claiming its email elsewhere, or wait in a made-up account for its real owner.
 */
export async function signInWithProvider(profile: ProviderProfile, visitor: Visitor): Promise<User> {
  const { provider, providerAccountId, type, emailVerified, name, image } = profile;
  const identity = { provider, providerAccountId, type };
  const known = await userByIdentity(identity);
  if (known) return enter(known, visitor, provider);

  const email = profile.email === null ? null : normaliseEmail(profile.email);
  const account = email === null ? undefined : await accountByEmail(email);
  if (account) {
    if (!emailVerified || !account.emailVerified) {
      throw new AppError("conflict", "There is already an account with this email. Sign in the way you did before.");
    }
    await linkIdentity(account.id, identity);
    return enter({ id: account.id, name: account.name, email, role: account.role }, visitor, provider);
  }

  await limit("signUp", visitor.address);
  const rules = { open: env.ALLOW_SIGN_UP, guest: visitor.guest };
  const user = await createAccount({ name, email, emailVerified, image, identity }, rules);
  await record({ userId: user.id, action: "account.sign-up", details: { with: provider } });
  return user;
}

/** The account that somebody proved to be theirs, with what they had as a guest. */
async function enter(user: User, { guest }: Visitor, how: string): Promise<User> {
  if (guest) {
    const [first, ...rest] = mergeGuest(guest, user.id);
    if (first) await database().batch([first, ...rest]);
  }
  await record({ userId: user.id, action: "account.sign-in", details: { with: how } });
  return user;
}
