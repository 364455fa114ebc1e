"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useId, useState } from "react";
import { settled } from "#components/sidebar/settled.ts";
import { Alert } from "#components/ui/alert.tsx";
import { Button } from "#components/ui/button.tsx";
import { Dialog, DialogActions } from "#components/ui/dialog.tsx";
import { Select } from "#components/ui/select.tsx";
import { toast } from "#components/ui/toast.tsx";
import { forkConversation } from "#lib/actions/forks.ts";

interface ForkDialogProps {
  conversation: string;
  branch: string;
  branches: number;
  namespace: string;
  namespaces: readonly { type: string; label: string }[];
  onClose: () => void;
}

/** Asks what goes along into the new conversation, and where that belongs. */
export function ForkDialog({ conversation, branch, branches, namespace, namespaces, onClose }: ForkDialogProps) {
  const router = useRouter();
  const [all, setAll] = useState(false);
  const [to, setTo] = useState(namespace);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const select = useId();

  async function fork(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    const place = { conversation, namespace: to, ...(all ? {} : { branch }) };
    const outcome = await settled(forkConversation(place));
    setBusy(false);
    if (!outcome.ok) return setProblem(outcome.error.message);
    onClose();
    router.push(`/c/${outcome.value.conversation}`);
    toast("You are in the new conversation. The first one stays as it is.");
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Fork into a new conversation"
      description="The history is copied. What you do there changes nothing here."
    >
      <form onSubmit={fork} className="grid gap-4">
        {branches > 1 && (
          <fieldset className="grid gap-1">
            <legend className="mb-1 text-note font-medium">What comes along</legend>
            <Way label="Only the branch that is shown" checked={!all} onChoose={() => setAll(false)} />
            <Way label={`All ${branches} branches`} checked={all} onChoose={() => setAll(true)} />
          </fieldset>
        )}
        <div className="grid gap-1.5">
          <label htmlFor={select} className="text-note font-medium">
            Namespace
          </label>
          <Select id={select} value={to} onChange={(event) => setTo(event.target.value)}>
            {namespaces.map(({ type, label }) => (
              <option key={type} value={type}>
                {label}
              </option>
            ))}
          </Select>
        </div>
        {problem && <Alert>{problem}</Alert>}
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" busy={busy}>
            Fork conversation
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

function Way({ label, checked, onChoose }: { label: string; checked: boolean; onChoose: () => void }) {
  return (
    <label className="target flex items-center gap-2.5 text-ui">
      <input type="radio" name="what" checked={checked} onChange={onChoose} className="accent-brand" />
      {label}
    </label>
  );
}
