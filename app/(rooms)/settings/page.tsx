import type { Metadata } from "next";
import Link from "next/link";
import { ConnectionForm } from "#components/accounts/connection-form.tsx";
import { DeleteAccount, NameForm, PasswordForm, SignOutEverywhere } from "#components/accounts/profile-forms.tsx";
import { Section } from "#components/accounts/section.tsx";
import { PageFrame } from "#components/pages/frame.tsx";
import { buttonClasses } from "#components/ui/button.tsx";
import { ThemePicker } from "#components/ui/theme-picker.tsx";
import { asInstanceOwner, type User } from "#lib/access.ts";
import { hasPassword } from "#lib/accounts.ts";
import { shownConnection } from "#lib/connections.ts";
import { page } from "#lib/guard.ts";
import { currentModel } from "#lib/models/current.ts";

export const metadata: Metadata = { title: "Settings" };

export default page(async (user) => {
  const guest = user.role === "guest";
  const withPassword = await hasPassword(user);
  return (
    <PageFrame title="Settings">
      {guest ? <GuestSection /> : <ProfileSections user={user} withPassword={withPassword} />}
      <Section title="Appearance" about="On this device. System follows what the device is set to.">
        <ThemePicker />
      </Section>
      {user.role === "owner" && <ConnectionSection user={user} />}
      <Section title="Your data" about="Take your conversations with you, or bring in those you have elsewhere.">
        <Link href="/settings/data" className={buttonClasses()}>
          Export or import
        </Link>
      </Section>
      {!guest && (
        <Section title="Devices" about="If a device is lost, or you forgot to sign out somewhere.">
          <SignOutEverywhere />
        </Section>
      )}
      <Section title={guest ? "Delete" : "Delete account"} about={leavingOf(user)}>
        <DeleteAccount hasPassword={withPassword} what={guest ? "everything" : "account"} />
      </Section>
    </PageFrame>
  );
});

function GuestSection() {
  return (
    <Section title="You are a guest" about="Your conversations live in this browser's session only.">
      <p className="mb-4">Create an account to keep them and to find them on your other devices.</p>
      <div className="flex flex-wrap gap-2">
        <Link href="/sign-up" className={buttonClasses("primary")}>
          Create an account
        </Link>
        <Link href="/sign-in" className={buttonClasses()}>
          Sign in
        </Link>
      </div>
    </Section>
  );
}

function ProfileSections({ user, withPassword }: { user: User; withPassword: boolean }) {
  return (
    <>
      <Section
        title="Profile"
        about={user.email ? `You sign in as ${user.email}.` : "You sign in with another provider."}
      >
        <NameForm name={user.name ?? ""} />
      </Section>
      {user.email && (
        <Section
          title="Password"
          about={
            withPassword
              ? "A new password signs out your other devices."
              : "You sign in with another provider. A password is a second way in."
          }
        >
          <PasswordForm email={user.email} hasPassword={withPassword} />
        </Section>
      )}
    </>
  );
}

async function ConnectionSection({ user }: { user: User }) {
  const [saved, current] = await Promise.all([shownConnection(asInstanceOwner(user)), currentModel()]);
  return (
    <Section
      title="Model"
      anchor="model"
      about={
        <>
          Which model answers everybody here. Now: <strong className="font-medium text-ink">{current.label}</strong>.
          {!saved && " It was found in the environment or near this server; what you save here goes before it."}
        </>
      }
    >
      <ConnectionForm key={JSON.stringify(saved)} saved={saved} />
    </Section>
  );
}

function leavingOf(user: User): string {
  if (user.role === "owner") return "Removes all that is yours. The oldest other account then owns this instance.";
  return "Removes all that is yours from this instance.";
}
