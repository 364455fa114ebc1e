"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { AlertDialog } from "#components/ui/alert-dialog.tsx";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/input.tsx";
import { toast } from "#components/ui/toast.tsx";
import { changeName, changePassword, deleteAccount, signOutEverywhere } from "#lib/actions/profile.ts";
import { ActionForm } from "./action-form.tsx";

export function NameForm({ name }: { name: string }) {
  const router = useRouter();
  return (
    <ActionForm
      label="Save name"
      perform={async (text) => {
        const outcome = await changeName({ name: text("name") });
        if (outcome.ok) {
          toast("Your name is saved.");
          router.refresh();
        }
        return outcome;
      }}
    >
      <Field label="Name" name="name" autoComplete="name" required maxLength={80} defaultValue={name} />
    </ActionForm>
  );
}

export function PasswordForm({ email, hasPassword }: { email: string; hasPassword: boolean }) {
  return (
    <ActionForm
      label={hasPassword ? "Change password" : "Set password"}
      perform={async (text, form) => {
        const outcome = await changePassword({ current: text("current"), next: text("next") });
        if (outcome.ok) {
          form.reset();
          toast("The new password is in force. Other devices are signed out.");
        }
        return outcome;
      }}
    >
      {/* For password managers: whose password this is. */}
      <input type="email" autoComplete="username" value={email} readOnly hidden />
      {hasPassword && (
        <Field label="Current password" name="current" type="password" autoComplete="current-password" required />
      )}
      <Field
        label="New password"
        name="next"
        type="password"
        autoComplete="new-password"
        required
        minLength={8}
        maxLength={200}
        hint="At least 8 characters."
      />
    </ActionForm>
  );
}

export function SignOutEverywhere() {
  const [error, setError] = useState<string | null>(null);
  const leave = async () => {
    const outcome = await signOutEverywhere({});
    if (outcome.ok) window.location.assign("/sign-in");
    else setError(outcome.error.message);
  };
  return (
    <>
      <AlertDialog
        title="Sign out everywhere"
        description="Every device is signed out, this one too. Your conversations stay."
        confirm="Sign out everywhere"
        onConfirm={leave}
        trigger={<Button>Sign out everywhere</Button>}
      />
      {error && (
        <p role="alert" className="mt-2 text-note text-danger">
          {error}
        </p>
      )}
    </>
  );
}

export function DeleteAccount({ hasPassword, what }: { hasPassword: boolean; what: string }) {
  return (
    <Dialog
      title={`Delete ${what}`}
      description="Your conversations, namespaces and agents are removed for good. This cannot be taken back."
      trigger={<Button>Delete {what}…</Button>}
    >
      <ActionForm
        label={`Delete ${what}`}
        look="danger"
        perform={async (text) => {
          const outcome = await deleteAccount({ password: text("password") });
          if (outcome.ok) window.location.assign("/sign-in");
          return outcome;
        }}
      >
        {hasPassword && (
          <Field label="Your password" name="password" type="password" autoComplete="current-password" required />
        )}
      </ActionForm>
    </Dialog>
  );
}
