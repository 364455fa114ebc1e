"use client";

import { useCallback, useEffect, useState } from "react";
import { settled } from "#components/sidebar/settled.ts";
import { Button } from "#components/ui/button.tsx";
import { alarm, toast } from "#components/ui/toast.tsx";
import { deleteBranch, listBranches, makeCurrent, renameBranch, restoreBranch } from "#lib/actions/branches.ts";
import type { BranchRow } from "#lib/branches.ts";
import { BranchLine } from "./branch-line.tsx";
import { useShowCurrent } from "./use-show-current.ts";

/** So many open at once; who has more sees those used last first. */
const rowsAtOnce = 60;

interface BranchListProps {
  conversation: string;
  /** The branch that is shown. */
  shown: string;
  onLeave: () => void;
  onChosen: () => void;
}

/** All branches of a conversation, and what can be done with each. */
export default function BranchList({ conversation, shown, onLeave, onChosen }: BranchListProps) {
  const showCurrent = useShowCurrent();
  const [rows, setRows] = useState<BranchRow[] | null>(null);
  const [most, setMost] = useState(rowsAtOnce);

  const load = useCallback(async () => {
    const outcome = await settled(listBranches({ conversation }));
    if (outcome.ok) setRows(outcome.value);
    else alarm(outcome.error.message);
  }, [conversation]);
  useEffect(() => {
    void load();
  }, [load]);

  async function choose(branch: string) {
    const outcome = await settled(makeCurrent({ conversation, branch }));
    if (!outcome.ok) return alarm(outcome.error.message);
    onChosen();
    if (branch !== shown) onLeave();
    showCurrent();
  }

  async function rename(branch: string, wanted: string): Promise<string | null> {
    const outcome = await settled(renameBranch({ conversation, branch, name: wanted }));
    if (!outcome.ok) return outcome.error.message;
    await load();
    showCurrent();
    return null;
  }

  async function remove(row: BranchRow) {
    const outcome = await settled(deleteBranch({ conversation, branch: row.id }));
    if (!outcome.ok) return alarm(outcome.error.message);
    const { undo } = outcome.value;
    toast(`Deleted the branch "${row.name}".`, { label: "Undo", run: () => void restore(undo) });
    if (row.id === shown) onLeave();
    if ((rows?.length ?? 0) > 2) await load();
    showCurrent();
  }

  async function restore(undo: string) {
    const outcome = await settled(restoreBranch({ conversation, undo }));
    if (!outcome.ok) return alarm(outcome.error.message);
    showCurrent();
    await load();
  }

  if (rows === null) {
    return (
      <p role="status" className="px-2.5 py-2 text-note text-ink-2">
        Loading the branches
      </p>
    );
  }
  return (
    <ul aria-label="All branches">
      {rows.slice(0, most).map((row) => (
        <BranchLine
          key={row.id}
          row={row}
          conversation={conversation}
          shown={shown}
          onChoose={() => void choose(row.id)}
          onRename={(wanted) => rename(row.id, wanted)}
          onDelete={() => void remove(row)}
        />
      ))}
      {rows.length > most && (
        <li>
          <Button look="quiet" onClick={() => setMost(rows.length)}>
            Show {rows.length - most} more
          </Button>
        </li>
      )}
    </ul>
  );
}
