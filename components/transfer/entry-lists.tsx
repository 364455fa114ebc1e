"use client";

import ChevronRight from "lucide-react/icons/chevron-right";
import Link from "next/link";
import { useCallback, useEffect, useState } from "react";
import { Alert } from "#components/ui/alert.tsx";
import { Button } from "#components/ui/button.tsx";
import type { EntryPage } from "#lib/transfer/entries.ts";
import type { ImportEntry } from "#lib/transfer/import/import.ts";
import type { ShownImport } from "#lib/transfer/jobs.ts";

/** What is told of each conversation of a file: what to look at first, and the rest. */
export function EntryLists({ state }: { state: ShownImport }) {
  if (state.phase !== "ready" && state.phase !== "done" && state.phase !== "failed") return null;
  const key = `${state.id} ${state.phase}`;
  return (
    <>
      <EntryList key={`noted ${key}`} id={state.id} list="noted" title="Left out, or not quite as it was" />
      <EntryList key={`plain ${key}`} id={state.id} list="plain" title="Conversations" />
    </>
  );
}

function EntryList({ id, list, title }: { id: string; list: "plain" | "noted"; title: string }) {
  const [entries, setEntries] = useState<ImportEntry[]>([]);
  const [next, setNext] = useState<number | null>(0);
  const [failed, setFailed] = useState(false);

  const load = useCallback(
    async (from: number) => {
      const page = await fetchPage(id, list, from);
      setFailed(!page);
      if (!page) return;
      setEntries((before) => (from === 0 ? page.entries : [...before, ...page.entries]));
      setNext(page.next);
    },
    [id, list],
  );
  useEffect(() => {
    void load(0);
  }, [load]);

  if (failed) return <Alert>The list can't be loaded. Reload the page.</Alert>;
  if (entries.length === 0) return null;
  return (
    <details open className="group text-note">
      <summary className="target flex cursor-pointer list-none items-center gap-1 text-ink-2 hover:text-ink">
        <ChevronRight aria-hidden size={14} className="transition-transform group-open:rotate-90" />
        {title}
      </summary>
      <ul className="divide-y divide-line">
        {entries.map((entry, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list only grows, and entries have no name of their own.
          <Entry key={place} entry={entry} />
        ))}
      </ul>
      {next !== null && (
        <Button look="quiet" onClick={() => load(next)}>
          Show more
        </Button>
      )}
    </details>
  );
}

const words: Record<ImportEntry["status"], string> = {
  new: "Can come in",
  binned: "Comes back from the bin",
  imported: "Imported",
  restored: "Back from the bin",
  present: "Here already",
  refused: "Left out",
  remark: "",
};

function Entry({ entry }: { entry: ImportEntry }) {
  const { title, status, id, messages, branches, reason, notes } = entry;
  const here = id !== null && (status === "imported" || status === "restored" || status === "present");
  const size = messages > 0 && `${messages} messages${branches > 1 ? `, ${branches} versions` : ""}`;
  return (
    <li className="grid gap-0.5 py-2">
      <span className="font-medium wrap-anywhere">
        {here ? (
          <Link href={`/c/${id}`} className="underline underline-offset-4">
            {title || "Untitled"}
          </Link>
        ) : (
          title || "Untitled"
        )}
      </span>
      <span className="text-small text-ink-3">{[words[status], size].filter(Boolean).join(" · ")}</span>
      {reason && <span className="text-small wrap-anywhere">{reason}</span>}
      {notes.map((note) => (
        <span key={note} className="text-small text-ink-2 wrap-anywhere">
          {note}
        </span>
      ))}
    </li>
  );
}

async function fetchPage(id: string, list: string, from: number): Promise<EntryPage | undefined> {
  try {
    const query = new URLSearchParams({ list, from: String(from) });
    const response = await fetch(`/api/import/${id}?${query}`, { cache: "no-store" });
    return response.ok ? ((await response.json()) as EntryPage) : undefined;
  } catch {
    return undefined;
  }
}
