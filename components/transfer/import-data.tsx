"use client";

import { useEffect, useEffectEvent, useRef, useState } from "react";
import { Alert } from "#components/ui/alert.tsx";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import type { ShownImport } from "#lib/transfer/jobs.ts";
import type { NamedNamespace } from "./export-data.tsx";
import { ImportCard } from "./import-card.tsx";
import { Progress } from "./progress.tsx";
import { type Upload, upload } from "./upload.ts";

interface Sending {
  name: string;
  share: number;
  cancel: Upload["cancel"];
}

/** Takes a file, by choosing or by dropping it, and shows what becomes of it and of those before it. */
export function ImportData({ namespaces, imports }: { namespaces: NamedNamespace[]; imports: ShownImport[] }) {
  const [ids, setIds] = useState(() => imports.map(({ id }) => id));
  const [sending, setSending] = useState<Sending | null>(null);
  const [error, setError] = useState("");
  const known = new Map(imports.map((each) => [each.id, each]));

  const send = async (file: File | undefined) => {
    if (!file || sending) return;
    setError("");
    const begun = upload(file, (share) => setSending((now) => now && { ...now, share }));
    setSending({ name: file.name, share: 0, cancel: begun.cancel });
    const answer = await begun.result;
    setSending(null);
    if ("id" in answer) setIds((before) => [answer.id, ...before]);
    else setError(answer.error);
  };

  return (
    <div className="grid gap-4">
      {sending ? (
        <div className="grid gap-3 rounded-card border border-line bg-raise p-4">
          <Progress label={`Sending ${sending.name}`} share={sending.share} />
          <Button className="justify-self-start" onClick={sending.cancel}>
            Cancel
          </Button>
        </div>
      ) : (
        <FileDrop onFile={send} />
      )}
      {error && <Alert>{error}</Alert>}
      {ids.map((id) => (
        <ImportCard
          key={id}
          id={id}
          known={known.get(id)}
          namespaces={namespaces}
          onGone={() => setIds((before) => before.filter((other) => other !== id))}
        />
      ))}
    </div>
  );
}

/** A file may have been chosen before this script ran: then it is taken at once. */
function FileDrop({ onFile }: { onFile: (file: File | undefined) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const takeEarly = useEffectEvent(() => onFile(input.current?.files?.[0]));
  useEffect(() => {
    takeEarly();
  }, []);
  const [over, setOver] = useState(false);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button is there for everybody.
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        onFile(event.dataTransfer.files[0]);
      }}
      className={classes(
        "grid justify-items-center gap-3 rounded-card border border-dashed px-4 py-8 text-center transition-colors",
        over ? "border-brand bg-wash" : "border-line-strong bg-panel",
      )}
    >
      <p className="text-note text-ink-2">Drop a file here, or</p>
      <Button onClick={() => input.current?.click()}>Choose a file</Button>
      <input
        ref={input}
        type="file"
        autoComplete="off"
        aria-label="File to import"
        accept=".json,.zip,.jsonl,application/json,application/zip"
        className="sr-only"
        tabIndex={-1}
        onChange={(event) => {
          onFile(event.target.files?.[0]);
          event.target.value = "";
        }}
      />
      <p className="text-small text-ink-3">Nothing comes in before you have seen what is in it.</p>
    </div>
  );
}
