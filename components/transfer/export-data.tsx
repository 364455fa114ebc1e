"use client";

import Download from "lucide-react/icons/download";
import { useId, useState } from "react";
import { buttonClasses } from "#components/ui/button.tsx";
import { Select } from "#components/ui/select.tsx";

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

/** Chooses what to export and how. The browser itself downloads it, and shows how far it is. */
export function ExportData({ namespaces }: { namespaces: NamedNamespace[] }) {
  const [namespace, setNamespace] = useState("");
  const [format, setFormat] = useState<string>("json");
  const id = useId();
  const address = `/api/export?${new URLSearchParams({ format, ...(namespace ? { namespace } : {}) })}`;
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
      <a href={address} download className={buttonClasses("plain", "justify-self-start")}>
        <Download aria-hidden size={15} />
        Download
      </a>
    </div>
  );
}
