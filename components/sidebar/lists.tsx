"use client";

import Archive from "lucide-react/icons/archive";
import ArrowLeft from "lucide-react/icons/arrow-left";
import Plus from "lucide-react/icons/plus";
import { type ReactNode, useState } from "react";
import { rememberCollapsed } from "./collapsed.ts";
import { archivedRows, type Known, rowsOf } from "./contents.ts";
import { useSidebar } from "./context.ts";
import { Group } from "./group.tsx";
import { LoadMore } from "./load-more.tsx";
import { NamespaceDialog } from "./namespace-dialog.tsx";
import { Rows } from "./rows.tsx";

const quiet =
  "target flex w-full items-center gap-2 rounded-control px-2 text-left text-note text-ink-3 hover:bg-hover hover:text-ink focus-visible:-outline-offset-2";

/** The namespaces with their conversations, and the ways to what is not among them. */
export function Groups(props: {
  known: Known;
  folded: string[];
  onFold: (types: string[]) => void;
  onArchive: () => void;
}) {
  const { known, folded, onFold, onArchive } = props;
  const [creating, setCreating] = useState(false);
  const groups = known.namespaces.map((namespace) => ({ namespace, rows: rowsOf(known, namespace.type) }));
  const lastWithRows = groups.findLast(({ namespace, rows }) => rows.length > 0 && !folded.includes(namespace.type));
  const empty = known.archived === 0 && known.namespaces.every(({ count }) => count === 0);

  function fold(type: string, yes: boolean) {
    const types = yes ? [...folded, type] : folded.filter((other) => other !== type);
    rememberCollapsed(types);
    onFold(types);
  }

  return (
    <>
      {groups.map(({ namespace, rows }) => (
        <Group
          key={namespace.type}
          namespace={namespace}
          rows={rows}
          last={namespace.type === lastWithRows?.namespace.type}
          folded={folded.includes(namespace.type)}
          onFold={(yes) => fold(namespace.type, yes)}
        />
      ))}
      {empty && (
        <p className="px-2 py-3 text-note text-ink-3">
          What you start is kept here, in the namespace you choose for it.
        </p>
      )}
      <div className="mt-3 grid gap-px border-t border-line pt-2">
        <button type="button" className={quiet} onClick={() => setCreating(true)}>
          <Plus aria-hidden size={14} />
          New namespace
        </button>
        {known.archived > 0 && (
          <button type="button" className={quiet} onClick={onArchive}>
            <Archive aria-hidden size={14} />
            Archived
            <span className="ml-auto tabular-nums">{known.archived}</span>
          </button>
        )}
      </div>
      {creating && <NamespaceDialog onOpenChange={setCreating} />}
    </>
  );
}

/** What was archived, of all namespaces. */
export function Archived({ known, onBack }: { known: Known; onBack: () => void }) {
  const { commands } = useSidebar();
  const rows = archivedRows(known);
  const next = known.archivedNext;
  return (
    <>
      <button type="button" className={quiet} onClick={onBack}>
        <ArrowLeft aria-hidden size={14} />
        All conversations
      </button>
      <Heading>Archived</Heading>
      <Rows rows={rows}>
        {next !== null && <LoadMore key={next?.id ?? "first"} onReach={() => void commands.loadArchived(next)} />}
      </Rows>
      {next === null && rows.length === 0 && <p className="px-2 py-1 text-note text-ink-3">Nothing is archived.</p>}
    </>
  );
}

function Heading({ children }: { children: ReactNode }) {
  return <h2 className="truncate px-2 pt-2.5 pb-1.5 text-[0.75rem] font-semibold text-ink-2">{children}</h2>;
}
