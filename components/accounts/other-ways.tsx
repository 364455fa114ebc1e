import { continueAsGuest, continueWith } from "#lib/actions/accounts.ts";
import type { ProviderChoice } from "#lib/providers.ts";
import { Or } from "./entry.tsx";
import { EntryForm } from "./entry-form.tsx";

interface OtherWaysProps {
  choices: ProviderChoice[];
  guests: boolean;
  next: string;
}

/** The ways in that need no form: another provider, or nobody at all. */
export function OtherWays({ choices, guests, next }: OtherWaysProps) {
  if (choices.length === 0 && !guests) return null;
  return (
    <>
      <Or />
      <div className="grid gap-2">
        {choices.map(({ id, label }) => (
          <EntryForm
            key={id}
            action={continueWith}
            next={next}
            hidden={{ provider: id }}
            label={`Continue with ${label}`}
          />
        ))}
        {guests && <EntryForm action={continueAsGuest} next={next} label="Continue as guest" />}
      </div>
    </>
  );
}
