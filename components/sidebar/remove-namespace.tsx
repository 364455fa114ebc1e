"use client";

import { useId, useState } from "react";
import { Alert } from "#components/ui/alert.tsx";
import { Button } from "#components/ui/button.tsx";
import { Dialog, DialogActions, DialogClose } from "#components/ui/dialog.tsx";
import { Select } from "#components/ui/select.tsx";
import { removeNamespace } from "#lib/actions/namespaces.ts";
import type { SidebarNamespace } from "#lib/sidebar.ts";
import { useSidebar } from "./context.ts";
import { settled } from "./settled.ts";

/** Asks where a namespace's conversations go before it is removed. */
export function RemoveNamespace(props: { namespace: SidebarNamespace; onOpenChange: (open: boolean) => void }) {
  const { namespace, onOpenChange } = props;
  const { commands, namespaces } = useSidebar();
  const others = namespaces.filter(({ type }) => type !== namespace.type);
  const [to, setTo] = useState(others[0]?.type ?? "");
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const select = useId();

  async function remove() {
    setBusy(true);
    const outcome = await settled(removeNamespace({ type: namespace.type, to }));
    setBusy(false);
    if (!outcome.ok) return setProblem(outcome.error.message);
    await commands.refresh();
    onOpenChange(false);
  }

  return (
    <Dialog
      open
      onOpenChange={onOpenChange}
      title={`Remove ${namespace.label}`}
      description="Its conversations are kept. Choose where they go."
    >
      <div className="grid gap-1.5">
        <label htmlFor={select} className="text-note font-medium">
          Move conversations to
        </label>
        <Select id={select} value={to} onChange={(event) => setTo(event.target.value)}>
          {others.map(({ type, label }) => (
            <option key={type} value={type}>
              {label}
            </option>
          ))}
        </Select>
      </div>
      {problem && <Alert className="mt-4">{problem}</Alert>}
      <DialogActions>
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        <Button look="danger" busy={busy} onClick={() => void remove()}>
          Remove namespace
        </Button>
      </DialogActions>
    </Dialog>
  );
}
