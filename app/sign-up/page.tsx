import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { Entry, OtherWay } from "#components/accounts/entry.tsx";
import { EntryForm } from "#components/accounts/entry-form.tsx";
import { OtherWays } from "#components/accounts/other-ways.tsx";
import { env } from "#env.ts";
import { isUnclaimed } from "#lib/accounts.ts";
import { signUp } from "#lib/actions/accounts.ts";
import { currentUser } from "#lib/auth.ts";
import { safeDestination } from "#lib/destination.ts";
import { providerChoices } from "#lib/providers.ts";

export const metadata: Metadata = { title: "Create an account" };

export default async function SignUpPage({ searchParams }: { searchParams: Promise<Record<string, unknown>> }) {
  const next = safeDestination((await searchParams).next);
  const user = await currentUser();
  if (user && user.role !== "guest") redirect(next);
  const unclaimed = await isUnclaimed();
  const open = env.ALLOW_SIGN_UP || unclaimed;
  return (
    <Entry title="Create an account" lead={leadOf({ open, unclaimed, guest: user !== null })}>
      {open && (
        <>
          <EntryForm
            action={signUp}
            next={next}
            fields={["name", "email", "new-password"]}
            label="Create account"
            look="primary"
          />
          <OtherWays choices={providerChoices()} guests={env.ALLOW_GUESTS && !user} next={next} />
        </>
      )}
      <OtherWay question="Have an account?" href="/sign-in" next={next} label="Sign in" />
    </Entry>
  );
}

function leadOf({ open, unclaimed, guest }: Record<"open" | "unclaimed" | "guest", boolean>): string {
  if (!open) return "New accounts are closed on this instance. Ask its owner for one.";
  if (unclaimed) return "This is the first account: it owns this instance.";
  if (guest) return "Your conversations as a guest move into it.";
  return "Specialists that answer in one conversation, and remember it.";
}
