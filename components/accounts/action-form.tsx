"use client";

import { type ReactNode, useId, useState, useTransition } from "react";
import { Alert } from "#components/ui/alert.tsx";
import { Button, type ButtonLook } from "#components/ui/button.tsx";
import type { Outcome } from "#lib/guard.ts";

interface ActionFormProps {
  /** What the button does; what it says goes wrong is shown, and what was typed stays. */
  perform: (text: (name: string) => string, form: HTMLFormElement) => Promise<Outcome<unknown>>;
  label: string;
  look?: ButtonLook;
  /** Beside the button. */
  beside?: ReactNode;
  children?: ReactNode;
}

/** A form whose button calls a server action. */
export function ActionForm({ perform, label, look, beside, children }: ActionFormProps) {
  const [busy, start] = useTransition();
  const [error, setError] = useState<string | null>(null);
  const id = useId();

  function submit(form: HTMLFormElement) {
    const typed = new FormData(form);
    start(async () => {
      const outcome = await perform((name) => String(typed.get(name) ?? ""), form);
      setError(outcome.ok ? null : outcome.error.message);
    });
  }

  return (
    <form
      id={id}
      onSubmit={(event) => {
        event.preventDefault();
        submit(event.currentTarget);
      }}
      className="grid gap-4"
    >
      {error && <Alert>{error}</Alert>}
      {children}
      <div className="flex flex-wrap items-center gap-2">
        <Button type="submit" look={look} busy={busy}>
          {label}
        </Button>
        {beside}
      </div>
    </form>
  );
}
