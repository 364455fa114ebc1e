"use client";

import Download from "lucide-react/icons/download";
import { type MouseEvent, useId, useState } from "react";
import { newOperation } from "#components/chat/operation.ts";
import { buttonClasses } from "#components/ui/button.tsx";
import { Select } from "#components/ui/select.tsx";
import type { ShownExport } from "#lib/transfer/exports.ts";
import { download } from "./download.ts";
import { ExportProgress } from "./export-progress.tsx";
import { useExports } from "./use-exports.ts";

export interface NamedNamespace {
  type: string;
  label: string;
  /** After how many days without activity its conversations are removed; null keeps them. */
  days: number | null;
}

const formats = [
  { value: "json", label: "JSON", about: "Whole conversations with all their branches. Can be imported again." },
  { value: "markdown", label: "Markdown", about: "The branch that is shown of each conversation, as text." },
  { value: "html", label: "HTML", about: "The branch that is shown of each conversation, to read and to print." },
] as const;

interface ExportDataProps {
  namespaces: NamedNamespace[];
  /** Exports that are under way. */
  exports: ShownExport[];
}

/** Chooses what to export and how. The browser itself downloads it, so that it goes on without this page. */
export function ExportData({ namespaces, exports: known }: ExportDataProps) {
  const [namespace, setNamespace] = useState("");
  const [format, setFormat] = useState<string>("json");
  const id = useId();
  const [begun, setBegun] = useState<string | null>(null);
  const { exports, unknown } = useExports(known, begun);
  const address = `/api/export?${new URLSearchParams({ format, ...(namespace ? { namespace } : {}) })}`;

  function begin(event: MouseEvent) {
    event.preventDefault();
    const operation = newOperation();
    setBegun(operation);
    download(`${address}&id=${operation}`);
  }

  return (
    <div className="grid gap-4">
      <div className="grid gap-4 sm:grid-cols-2">
        <label htmlFor={`${id}-what`} className="grid gap-1.5 text-note font-medium">
          What to export
          <Select id={`${id}-what`} value={namespace} onChange={(event) => setNamespace(event.target.value)}>
            <option value="">Everything</option>
            {namespaces.map(({ type, label }) => (
              <option key={type} value={type}>
                {label}
              </option>
            ))}
          </Select>
        </label>
        <label htmlFor={`${id}-format`} className="grid gap-1.5 text-note font-medium">
          Format
          <Select id={`${id}-format`} value={format} onChange={(event) => setFormat(event.target.value)}>
            {formats.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </Select>
        </label>
      </div>
      <p className="text-note text-ink-2">{formats.find(({ value }) => value === format)?.about}</p>
      <a href={address} download onClick={begin} className={buttonClasses("plain", "justify-self-start")}>
        <Download aria-hidden size={15} />
        Download
      </a>
      {exports.map((shown) => (
        <ExportProgress key={shown.id} shown={shown} />
      ))}
      {unknown && (
        <p role="status" className="text-note text-ink-2">
          Your browser downloads the file and shows there how far it is.
        </p>
      )}
    </div>
  );
}
