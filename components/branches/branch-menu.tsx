"use client";

import GitBranch from "lucide-react/icons/git-branch";
import { useCallback, useState } from "react";
import { settled } from "#components/sidebar/settled.ts";
import { Button } from "#components/ui/button.tsx";
import { Popover } from "#components/ui/popover.tsx";
import { alarm, toast } from "#components/ui/toast.tsx";
import { deleteBranch, listBranches, makeCurrent, renameBranch, restoreBranch } from "#lib/actions/branches.ts";
import type { BranchRow } from "#lib/branches.ts";
import { BranchLine } from "./branch-line.tsx";
import { useShowCurrent } from "./use-show-current.ts";

/** So many open at once; who has more sees those used last first. */
const rowsAtOnce = 60;

interface BranchMenuProps {
  conversation: string;
  /** The branch that is shown. */
  shown: string;
  branches: readonly { id: string; name: string }[];
  /** The branch that is shown is left for another one: a live run on it goes on without this tab. */
  onLeave: () => void;
}

/** "refund · 3 branches": all branches of the conversation, and what can be done with each. */
export function BranchMenu({ conversation, shown, branches, onLeave }: BranchMenuProps) {
  const showCurrent = useShowCurrent();
  const [open, setOpen] = useState(false);
  const [rows, setRows] = useState<BranchRow[] | null>(null);
  const [most, setMost] = useState(rowsAtOnce);
  const name = branches.find(({ id }) => id === shown)?.name;

  const load = useCallback(async () => {
    const outcome = await settled(listBranches({ conversation }));
    if (outcome.ok) setRows(outcome.value);
    else alarm(outcome.error.message);
  }, [conversation]);

  function turn(next: boolean) {
    setOpen(next);
    setMost(rowsAtOnce);
    if (next) void load();
  }

  async function choose(branch: string) {
    const outcome = await settled(makeCurrent({ conversation, branch }));
    if (!outcome.ok) return alarm(outcome.error.message);
    setOpen(false);
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
    if (branches.length > 2) await load();
    showCurrent();
  }

  async function restore(undo: string) {
    const outcome = await settled(restoreBranch({ conversation, undo }));
    if (!outcome.ok) return alarm(outcome.error.message);
    showCurrent();
    await load();
  }

  if (branches.length < 2) return null;
  return (
    <Popover
      open={open}
      onOpenChange={turn}
      aria-label="Branches"
      onEscapeKeyDown={(event) => {
        // While a name is being typed, Escape leaves the field only.
        if (event.target instanceof HTMLInputElement) event.preventDefault();
      }}
      className="w-[min(24rem,calc(100vw-1rem))]"
      trigger={
        <button
          type="button"
          className="target inline-flex min-w-0 shrink items-center gap-1.5 rounded-full border border-line px-2.5 text-small text-ink-2 hover:text-ink"
        >
          <GitBranch aria-hidden size={13} className="shrink-0" />
          {name && (
            <span dir="auto" className="max-w-40 truncate max-sm:hidden">
              {name}
            </span>
          )}
          <span className="shrink-0 tabular-nums">
            <span className="max-sm:hidden">· </span>
            {branches.length}
            <span className="max-sm:sr-only"> branches</span>
          </span>
        </button>
      }
    >
      {rows === null ? (
        <p role="status" className="px-2.5 py-2 text-note text-ink-2">
          Loading the branches
        </p>
      ) : (
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
      )}
    </Popover>
  );
}
