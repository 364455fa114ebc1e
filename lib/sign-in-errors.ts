/** What the sign-in page says when it is reached with `?error=`, after signing in elsewhere did not work. */
const sentences: Record<string, string> = {
  conflict: "There is already an account with the email of that provider. Sign in the way you did before.",
  invalid: "New accounts are closed on this instance. Ask its owner, or sign in if you have an account.",
  rate_limited: "There were too many attempts. Try again in a few minutes.",
  unavailable:
    "The server cannot check its rate limits at the moment, so it lets nobody through. Try again in a minute.",
  CredentialsSignin: "The email or the password is wrong. Check both and try again.",
  AccessDenied: "The provider did not let you in. Try again, or sign in another way.",
  MissingCSRF: "The sign-in form was too old. Try again.",
};

export function sentenceOfError(error: unknown, code: unknown): string | null {
  if (typeof error !== "string") return null;
  const limited = error === "CredentialsSignin" && typeof code === "string" && code !== "invalid";
  return sentences[limited ? code : error] ?? "Signing in did not work. Try again, or sign in another way.";
}
