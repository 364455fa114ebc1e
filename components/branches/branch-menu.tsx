"use client";

import GitBranch from "lucide-react/icons/git-branch";
import dynamic from "next/dynamic";
import { useState } from "react";
import { Popover } from "#components/ui/popover.tsx";

const BranchList = dynamic(() => import("./branch-list.tsx"), { ssr: false });

interface BranchMenuProps {
  conversation: string;
  /** The branch that is shown. */
  shown: string;
  branches: readonly { id: string; name: string }[];
  /** The branch that is shown is left for another one: a live run on it goes on without this tab. */
  onLeave: () => void;
}

/** "refund · 3 branches": the way to all branches of the conversation. */
export function BranchMenu({ conversation, shown, branches, onLeave }: BranchMenuProps) {
  const [open, setOpen] = useState(false);
  const name = branches.find(({ id }) => id === shown)?.name;
  if (branches.length < 2) return null;
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
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
      <BranchList conversation={conversation} shown={shown} onLeave={onLeave} onChosen={() => setOpen(false)} />
    </Popover>
  );
}
