import { parseCookie } from "cookie";
import { cookies, headers } from "next/headers";
import NextAuth, { AuthError, CredentialsSignin, type NextAuthConfig, type Profile } from "next-auth";
import Credentials from "next-auth/providers/credentials";
import { cache } from "react";
import { z } from "zod";
import type { User } from "./access.ts";
import { userOfSession } from "./accounts.ts";
import { clientAddress } from "./address.ts";
import { AppError } from "./errors.ts";
import { log } from "./log.ts";
import { oauthProviders } from "./providers.ts";
import { instanceSecret } from "./secrets.ts";
import { readToken, sessionCookies, sessionSeconds } from "./session-token.ts";
import { enterAsGuest, signIn, signInWithProvider, signUp, type Visitor } from "./sign-in.ts";

/** next-auth, and the only file that knows it. */

async function userWith(sent: (cookie: string) => string | undefined): Promise<User | null> {
  for (const cookie of sessionCookies) {
    const token = sent(cookie);
    const read = token ? await readToken(cookie, token) : null;
    if (read) return userOfSession(read.sub, read.began);
  }
  return null;
}

async function readCurrentUser(): Promise<User | null> {
  const jar = await cookies();
  return userWith((cookie) => jar.get(cookie)?.value);
}

/** Who is asking, or null. Read once in a request. */
export const currentUser: () => Promise<User | null> = cache(readCurrentUser);

/** Who sends this request, or null; whether Next has been asked for it or not (lib/live-response.ts). */
export async function userOfRequest({ headers }: Request): Promise<User | null> {
  const jar = parseCookie(headers.get("cookie") ?? "");
  return userWith((cookie) => jar[cookie]);
}

async function visitor(): Promise<Visitor> {
  const user = await readCurrentUser();
  return { address: clientAddress(await headers()), guest: user?.role === "guest" ? user : null };
}

/** An `AppError` in the only shape that next-auth hands through. */
class Refused extends CredentialsSignin {
  readonly reason: AppError;

  constructor(reason: AppError) {
    super(reason.message, { cause: { err: reason } });
    this.reason = reason;
    this.code = reason.code;
  }
}

function wayIn(id: string, enter: (input: unknown, visitor: Visitor) => Promise<User>) {
  return Credentials({
    id,
    credentials: {},
    authorize: async (input) => {
      try {
        return await enter(input, await visitor());
      } catch (error) {
        throw error instanceof AppError ? new Refused(error) : error;
      }
    },
  });
}

/** What next-auth wraps an error in is of no use to anybody. */
function causeOf(error: unknown): Error | undefined {
  return error instanceof AuthError && error.cause?.err instanceof Error ? error.cause.err : undefined;
}

// Made when first asked for: a build reads this file, and must not make secrets.
const configuration = (): NextAuthConfig => ({
  basePath: "/api/auth",
  trustHost: true,
  secret: instanceSecret(),
  session: { strategy: "jwt", maxAge: sessionSeconds },
  pages: { signIn: "/sign-in", error: "/sign-in" },
  providers: [
    wayIn("credentials", signIn),
    wayIn("sign-up", signUp),
    wayIn("guest", (_input, from) => enterAsGuest(from)),
    ...oauthProviders(),
  ],
  callbacks: {
    async signIn({ user, account, profile }) {
      if (!account || account.type === "credentials") return true;
      try {
        const entered = await signInWithProvider(profileOf(user, account, profile), await visitor());
        user.id = entered.id;
        return true;
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        return `/sign-in?error=${error.code}`;
      }
    },
    async jwt({ token, user }) {
      if (user) return { sub: user.id, began: Date.now() };
      // Asked to renew a session: only one that still holds, and without a new beginning.
      return (await userOf(token)) ? token : null;
    },
    async session({ session, token }) {
      const user = await userOf(token);
      return { expires: session.expires, user: user ?? undefined };
    },
  },
  logger: {
    error: (error) => {
      if (error instanceof Refused) return;
      // With a cause something broke here or at the provider; without one a browser asked for nonsense.
      const cause = causeOf(error);
      log()[cause ? "error" : "warn"]({ err: cause ?? error, kind: error.name }, "signing in failed");
    },
    warn: (code) => log().warn({ code }, "next-auth"),
    debug: (message) => log().debug({ message }, "next-auth"),
  },
});

const holder = z.object({ sub: z.string(), began: z.number() });

async function userOf(token: unknown): Promise<User | null> {
  const read = holder.safeParse(token);
  return read.success ? userOfSession(read.data.sub, read.data.began) : null;
}

const auth = NextAuth(configuration);

/** The addresses below /api/auth. */
export const handlers = auth.handlers;

function profileOf(
  user: { name?: string | null; email?: string | null; image?: string | null },
  account: { provider: string; providerAccountId: string; type: string },
  profile: Profile | undefined,
) {
  const { provider, providerAccountId, type } = account;
  return {
    provider,
    providerAccountId,
    type,
    name: user.name ?? null,
    email: user.email ?? null,
    emailVerified: profile?.email_verified === true,
    image: user.image ?? null,
  };
}

/** Signs somebody in on this device, by one of the ways that need no other site. Throws `AppError`. */
export async function beginSession(way: "credentials" | "sign-up" | "guest", input: Record<string, string> = {}) {
  try {
    await auth.signIn(way, { ...input, redirect: false });
  } catch (error) {
    if (error instanceof Refused) throw error.reason;
    throw causeOf(error) ?? error;
  }
}

/** The address at another provider that a browser has to visit to sign in there. */
export async function providerAddress(provider: string, next: string): Promise<string> {
  const address: unknown = await auth.signIn(provider, { redirect: false, redirectTo: next });
  return z.string().parse(address);
}

/** Signs out on this device. */
export async function endSession(): Promise<void> {
  await auth.signOut({ redirect: false });
}
