import type { Provider } from "next-auth/providers";
import GitHub from "next-auth/providers/github";
import Google from "next-auth/providers/google";
import { z } from "zod";
import { env } from "#env.ts";

/** A button on the sign-in page: "Continue with LABEL". */
export interface ProviderChoice {
  id: "github" | "google" | "oidc";
  label: string;
}

/** The other providers that this instance is set up for. */
export function providerChoices(): ProviderChoice[] {
  const choices: ProviderChoice[] = [];
  if (env.AUTH_GITHUB_ID && env.AUTH_GITHUB_SECRET) choices.push({ id: "github", label: "GitHub" });
  if (env.AUTH_GOOGLE_ID && env.AUTH_GOOGLE_SECRET) choices.push({ id: "google", label: "Google" });
  if (env.AUTH_OIDC_ISSUER && env.AUTH_OIDC_ID && env.AUTH_OIDC_SECRET) {
    choices.push({ id: "oidc", label: new URL(env.AUTH_OIDC_ISSUER).host });
  }
  return choices;
}

const makers: Record<ProviderChoice["id"], () => Provider> = {
  github: () =>
    GitHub({
      clientId: env.AUTH_GITHUB_ID,
      clientSecret: env.AUTH_GITHUB_SECRET,
      userinfo: {
        url: "https://api.github.com/user",
        request: ({ tokens }: Tokens) => githubProfile(tokens.access_token),
      },
    }),
  google: () => Google({ clientId: env.AUTH_GOOGLE_ID, clientSecret: env.AUTH_GOOGLE_SECRET }),
  oidc: () => ({
    id: "oidc",
    name: "OpenID Connect",
    type: "oidc",
    issuer: env.AUTH_OIDC_ISSUER,
    clientId: env.AUTH_OIDC_ID,
    clientSecret: env.AUTH_OIDC_SECRET,
    checks: ["pkce", "state"],
  }),
};

export const oauthProviders = (): Provider[] => providerChoices().map(({ id }) => makers[id]());

interface Tokens {
  tokens: { access_token?: string };
}

const githubEmails = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }));

/** GitHub's profile leaves a private email out and never says whether one is verified: a second question does. */
export async function githubProfile(token: string | undefined): Promise<Record<string, unknown>> {
  const ask = async (path: string): Promise<unknown> => {
    const response = await fetch(`https://api.github.com${path}`, {
      headers: { authorization: `Bearer ${token}`, accept: "application/vnd.github+json", "user-agent": "switchboard" },
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok) throw new Error(`GitHub answered ${response.status} to ${path}.`);
    return response.json();
  };
  const [profile, emails] = await Promise.all([ask("/user"), ask("/user/emails")]);
  const primary = githubEmails.parse(emails).find((one) => one.primary);
  return {
    ...z.record(z.string(), z.unknown()).parse(profile),
    email: primary?.email ?? null,
    email_verified: primary?.verified ?? false,
  };
}
