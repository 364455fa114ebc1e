import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { Entry, OtherWay } from "#components/accounts/entry.tsx";
import { EntryForm } from "#components/accounts/entry-form.tsx";
import { OtherWays } from "#components/accounts/other-ways.tsx";
import { Alert } from "#components/ui/alert.tsx";
import { env } from "#env.ts";
import { signIn } from "#lib/actions/accounts.ts";
import { currentUser } from "#lib/auth.ts";
import { safeDestination } from "#lib/destination.ts";
import { providerChoices } from "#lib/providers.ts";
import { sentenceOfError } from "#lib/sign-in-errors.ts";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage({ searchParams }: { searchParams: Promise<Record<string, unknown>> }) {
  const query = await searchParams;
  const next = safeDestination(query.next ?? query.callbackUrl);
  const user = await currentUser();
  if (user && user.role !== "guest") redirect(next);
  const error = sentenceOfError(query.error, query.code);
  return (
    <Entry
      title="Sign in"
      lead={
        user ? "Your conversations as a guest move into your account." : "Your conversations are where you left them."
      }
    >
      {error && (
        <div className="mb-5">
          <Alert>{error}</Alert>
        </div>
      )}
      <EntryForm action={signIn} next={next} fields={["email", "password"]} label="Sign in" look="primary" />
      <OtherWays choices={providerChoices()} guests={env.ALLOW_GUESTS && !user} next={next} />
      <OtherWay question="No account yet?" href="/sign-up" next={next} label="Create an account" />
    </Entry>
  );
}
