import { hkdfSync } from "node:crypto";
import { jwtDecrypt } from "jose5";
import { encode } from "next-auth/jwt";
import { z } from "zod";
import { instanceSecret } from "./secrets.ts";

/** The token in a browser's cookie that says who is signed in there. */

/** Who, and since when (ms); all else is read from the user's row. Renewing a token leaves both as they are. */
const claims = z.object({ sub: z.string(), began: z.number(), exp: z.number() });
export type SessionClaims = z.output<typeof claims>;

/** Where next-auth keeps it: on https, and on plain http. */
export const sessionCookies = ["__Secure-authjs.session-token", "authjs.session-token"] as const;
export type SessionCookie = (typeof sessionCookies)[number];

/** How long somebody stays signed in who does not come back. */
export const sessionSeconds = 60 * 24 * 60 * 60;
const renewedAfter = 24 * 60 * 60;

// Decrypting a token costs more than all else that finding the user takes, and gives the same every time.
const shared = globalThis as typeof globalThis & {
  switchboardTokens?: Map<string, SessionClaims>;
  switchboardTokenKeys?: Map<SessionCookie, Uint8Array>;
};
const mostTokens = 2000;

/** What the token says; null when it has expired or was not made here. */
export async function readToken(cookie: SessionCookie, token: string): Promise<SessionClaims | null> {
  shared.switchboardTokens ??= new Map();
  const known = shared.switchboardTokens;
  const key = `${cookie}=${token}`;
  const before = known.get(key);
  if (before) return before.exp * 1000 > Date.now() ? before : null;
  // What cannot be decrypted was made with another secret, or by somebody else: nobody is signed in.
  const read = claims.safeParse(await decrypt(cookie, token).catch(() => null));
  if (!read.success) return null;
  if (known.size >= mostTokens) known.clear();
  known.set(key, read.data);
  return read.data;
}

/** A token that lasts longer, for one that is a day old or more; null while there is no need. */
export async function renewToken(cookie: SessionCookie, token: string): Promise<string | null> {
  const read = await readToken(cookie, token);
  if (!read || read.exp > Date.now() / 1000 + sessionSeconds - renewedAfter) return null;
  const { sub, began } = read;
  return encode({ token: { sub, began }, secret: instanceSecret(), salt: cookie, maxAge: sessionSeconds });
}

/**
 * Does what next-auth's own `decode` does, which derives the key anew for each token, and decrypts by the Web Crypto API:
 * seven jobs for other threads (0.7 ms of CPU, where this takes 0.05). That is why it is version 5 of `jose`.
 */
async function decrypt(cookie: SessionCookie, token: string): Promise<unknown> {
  const { payload } = await jwtDecrypt(token, tokenKey(cookie), {
    clockTolerance: 15,
    keyManagementAlgorithms: ["dir"],
    contentEncryptionAlgorithms: ["A256CBC-HS512"],
  });
  return payload;
}

/** The key that next-auth makes its tokens with, for this cookie. */
function tokenKey(cookie: SessionCookie): Uint8Array {
  shared.switchboardTokenKeys ??= new Map();
  const keys = shared.switchboardTokenKeys;
  const info = `Auth.js Generated Encryption Key (${cookie})`;
  const key = keys.get(cookie) ?? new Uint8Array(hkdfSync("sha256", instanceSecret(), cookie, info, 64));
  keys.set(cookie, key);
  return key;
}
