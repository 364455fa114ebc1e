import Columns from "lucide-react/icons/columns-2";
import Pencil from "lucide-react/icons/pencil";
import Trash from "lucide-react/icons/trash-2";
import Link from "next/link";
import { useState } from "react";
import { classes } from "#components/ui/classes.ts";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Moment } from "#components/ui/moment.tsx";
import type { BranchRow } from "#lib/branches.ts";
import { NameEditor } from "./name-editor.tsx";

interface BranchLineProps {
  row: BranchRow;
  conversation: string;
  shown: string;
  onChoose: () => void;
  /** Answers why the name was refused, or null. */
  onRename: (name: string) => Promise<string | null>;
  onDelete: () => void;
}

/** One branch in the list of all of them. */
export function BranchLine({ row, conversation, shown, onChoose, onRename, onDelete }: BranchLineProps) {
  const [editing, setEditing] = useState(false);
  if (editing) {
    return (
      <li>
        <NameEditor name={row.name} onKeep={onRename} onEnd={() => setEditing(false)} />
      </li>
    );
  }
  return (
    <li className="flex items-center gap-0.5 rounded-control hover:bg-hover">
      <button
        type="button"
        aria-current={row.current || undefined}
        onClick={onChoose}
        className="target min-w-0 flex-1 rounded-control px-2.5 py-1 text-left"
      >
        <span className="flex items-center gap-2">
          <span dir="auto" className={classes("truncate", row.current && "font-semibold")}>
            {row.name}
          </span>
          {row.current && <span className="shrink-0 text-small font-medium text-brand">Current</span>}
        </span>
        <span className="block text-small text-ink-3 tabular-nums">
          {row.messages} {row.messages === 1 ? "message" : "messages"} · <Moment at={row.updatedAt} />
        </span>
      </button>
      {row.id !== shown && (
        <Link
          href={`/c/${conversation}/compare?branch=${shown}&with=${row.id}`}
          prefetch={false}
          aria-label={`Compare with ${row.name}`}
          data-tip="Compare with the one shown"
          className="target inline-grid place-items-center rounded-control text-ink-2 hover:text-ink"
        >
          <Columns aria-hidden size={15} />
        </Link>
      )}
      <IconButton label={`Rename ${row.name}`} onClick={() => setEditing(true)}>
        <Pencil aria-hidden size={15} />
      </IconButton>
      <IconButton label={`Delete ${row.name}`} onClick={onDelete}>
        <Trash aria-hidden size={15} />
      </IconButton>
    </li>
  );
}
