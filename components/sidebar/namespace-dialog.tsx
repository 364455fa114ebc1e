"use client";

import { type FormEvent, useId, useState } from "react";
import { Alert } from "#components/ui/alert.tsx";
import { Button } from "#components/ui/button.tsx";
import { Dialog, DialogActions, DialogClose } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/input.tsx";
import { Select } from "#components/ui/select.tsx";
import { createNamespace, editNamespace } from "#lib/actions/namespaces.ts";
import { publicAgents } from "#lib/agents/directory.ts";
import { namespaceColors } from "#lib/palette.ts";
import type { SidebarNamespace } from "#lib/sidebar.ts";
import { useSidebar } from "./context.ts";
import { settled } from "./settled.ts";

interface NamespaceDialogProps {
  /** The namespace to change; without one a new one is made. */
  namespace?: SidebarNamespace;
  onOpenChange: (open: boolean) => void;
}

/** What a person decides about a namespace. */
export function NamespaceDialog({ namespace, onOpenChange }: NamespaceDialogProps) {
  const { commands } = useSidebar();
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? "");
    const days = text("retentionDays").trim();
    const wish = {
      label: text("label"),
      color: text("color"),
      defaultAgent: text("defaultAgent"),
      retentionDays: days === "" ? null : Number(days),
    };
    setBusy(true);
    setProblem(null);
    const outcome = await settled<unknown>(
      namespace ? editNamespace({ ...wish, type: namespace.type }) : createNamespace(wish),
    );
    setBusy(false);
    if (!outcome.ok) return setProblem(outcome.error.message);
    await commands.refresh();
    onOpenChange(false);
  }

  return (
    <Dialog
      open
      onOpenChange={onOpenChange}
      title={namespace ? "Edit namespace" : "New namespace"}
      description={namespace ? undefined : "A part of your conversations with a history of its own."}
    >
      <form onSubmit={(event) => void submit(event)} className="grid gap-4">
        <Field label="Name" name="label" defaultValue={namespace?.label} required maxLength={40} autoComplete="off" />
        <ColorChoice chosen={namespace?.color} />
        <AgentChoice chosen={namespace?.defaultAgent} />
        <Field
          label="Days to keep its conversations"
          hint="Counted from the last message. Leave it empty to keep them."
          name="retentionDays"
          inputMode="numeric"
          defaultValue={namespace?.retentionDays ?? ""}
          autoComplete="off"
        />
        {problem && <Alert>{problem}</Alert>}
        <DialogActions>
          <DialogClose asChild>
            <Button>Cancel</Button>
          </DialogClose>
          <Button type="submit" look="primary" busy={busy}>
            {namespace ? "Save" : "Create namespace"}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

function ColorChoice({ chosen = "travel" }: { chosen?: string }) {
  return (
    <fieldset>
      <legend className="mb-1.5 text-note font-medium">Colour</legend>
      <div className="flex flex-wrap gap-1.5">
        {namespaceColors.map(({ color, label }) => (
          <label
            key={color}
            data-tip={label}
            className="target grid cursor-pointer place-items-center rounded-control border border-transparent hover:bg-hover has-checked:border-line-strong has-checked:bg-hover has-focus-visible:outline-2 has-focus-visible:outline-brand"
          >
            <input
              type="radio"
              name="color"
              value={color}
              aria-label={label}
              defaultChecked={color === chosen}
              className="sr-only"
            />
            <span aria-hidden className="size-4 rounded-[5px]" style={{ background: `var(--${color})` }} />
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function AgentChoice({ chosen = "assistant" }: { chosen?: string }) {
  const id = useId();
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="text-note font-medium">
        Who answers at first
      </label>
      <Select id={id} name="defaultAgent" defaultValue={chosen}>
        {publicAgents.map((agent) => (
          <option key={agent.id} value={agent.id}>
            {agent.name}
          </option>
        ))}
      </Select>
    </div>
  );
}
