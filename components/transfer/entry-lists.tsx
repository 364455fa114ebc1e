"use client";

import Link from "next/link";
import { useState } from "react";
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
  const [entries, setEntries] = useState<ImportEntry[] | null>(null);
  const [next, setNext] = useState<number | null>(null);
  const [failed, setFailed] = useState(false);

  const load = async (from: number) => {
    const page = await fetchPage(id, list, from);
    setFailed(!page);
    if (!page) return;
    setEntries((before) => (from === 0 ? page.entries : [...(before ?? []), ...page.entries]));
    setNext(page.next);
  };

  return (
    <details
      className="text-note"
      onToggle={(event) => {
        if (event.currentTarget.open && !entries) void load(0);
      }}
    >
      <summary className="target flex cursor-pointer items-center text-ink-2 hover:text-ink">{title}</summary>
      {entries?.length === 0 && <p className="py-1 text-ink-3">None.</p>}
      <ul className="divide-y divide-line">
        {entries?.map((entry, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list only grows, and entries have no name of their own.
          <Entry key={place} entry={entry} />
        ))}
      </ul>
      {next !== null && (
        <Button look="quiet" onClick={() => load(next)}>
          Show more
        </Button>
      )}
      {failed && <p role="alert">The list can't be loaded. Close it and open it again.</p>}
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
