"use client";

import { type ReactNode, startTransition, useActionState } from "react";
import { Alert } from "#components/ui/alert.tsx";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/input.tsx";
import type { EntryState } from "#lib/actions/accounts.ts";

type EntryAction = (before: EntryState, form: FormData) => Promise<EntryState>;

interface EntryFormProps {
  action: EntryAction;
  next: string;
  /** What the button says. */
  label: ReactNode;
  look?: "primary" | "plain";
  fields?: ("name" | "email" | "new-password" | "password")[];
  hidden?: Record<string, string>;
}

const none: EntryState = { error: null, name: "", email: "" };

/** One way in: its fields, its button, and what went wrong. Works before, and without, its script. */
export function EntryForm({ action, next, label, look = "plain", fields = [], hidden = {} }: EntryFormProps) {
  const [state, enter, busy] = useActionState(action, none);
  return (
    <form
      action={enter}
      // A form with an action is emptied afterwards; sent like this it keeps what was typed.
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        startTransition(() => enter(form));
      }}
      className="grid gap-4"
    >
      {state.error && <Alert>{state.error}</Alert>}
      <input type="hidden" name="next" value={next} />
      {Object.entries(hidden).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {fields.includes("name") && (
        <Field label="Name" name="name" autoComplete="name" required maxLength={80} defaultValue={state.name} />
      )}
      {fields.includes("email") && (
        <Field
          label="Email"
          name="email"
          type="email"
          autoComplete="email"
          required
          maxLength={254}
          defaultValue={state.email}
        />
      )}
      {fields.includes("password") && (
        <Field label="Password" name="password" type="password" autoComplete="current-password" required />
      )}
      {fields.includes("new-password") && (
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete="new-password"
          required
          minLength={8}
          maxLength={200}
          hint="At least 8 characters."
        />
      )}
      <Button type="submit" look={look} busy={busy} className="mt-1 w-full">
        {label}
      </Button>
    </form>
  );
}
