"use client";

import { useEffect, useId, useState } from "react";
import { refreshConversations } from "#components/sidebar/events.ts";
import { Alert } from "#components/ui/alert.tsx";
import { Button } from "#components/ui/button.tsx";
import { Select } from "#components/ui/select.tsx";
import { discardImport, examineAgain, performImport } from "#lib/actions/imports.ts";
import type { Outcome } from "#lib/guard.ts";
import type { ShownImport } from "#lib/transfer/jobs.ts";
import { EntryLists } from "./entry-lists.tsx";
import type { NamedNamespace } from "./export-data.tsx";
import { Progress } from "./progress.tsx";
import { useImport } from "./use-import.ts";
import { conversations, done, found } from "./words.ts";

interface ImportCardProps {
  id: string;
  known: ShownImport | undefined;
  namespaces: NamedNamespace[];
  onGone: () => void;
}

/** One file from the moment it arrived: what is in it, the question, the import, what came of it. */
export function ImportCard({ id, known, namespaces, onGone }: ImportCardProps) {
  const heading = useId();
  const { state, lost, refresh } = useImport(id, known);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");

  const perform = async (work: () => Promise<Outcome<unknown>>, after: () => unknown = refresh) => {
    setBusy(true);
    setError("");
    const outcome = await work().catch(() => undefined);
    if (outcome?.ok) await after();
    else setError(outcome?.error.message ?? "The server does not answer. Check the connection, then try again.");
    setBusy(false);
  };
  const discard = () => perform(() => discardImport({ id }), onGone);
  const isDone = state?.phase === "done";
  useEffect(() => {
    if (isDone) refreshConversations();
  }, [isDone]);
  const begin = (namespace: string) => perform(() => performImport({ id, namespace }));

  return (
    <section aria-labelledby={heading} className="grid gap-3 rounded-card border border-line bg-raise p-4">
      <h3 id={heading} className="text-ui font-semibold wrap-anywhere">
        {state?.name ?? "The file"}
      </h3>
      {state && (
        <Phase
          state={state}
          busy={busy}
          namespaces={namespaces}
          onBegin={begin}
          onDiscard={discard}
          onAgain={() => perform(() => examineAgain({ id }))}
        />
      )}
      {lost && !error && <Alert>The server does not answer. This page asks again by itself.</Alert>}
      {error && <Alert>{error}</Alert>}
      {state && <EntryLists state={state} />}
    </section>
  );
}

interface PhaseProps {
  state: ShownImport;
  busy: boolean;
  namespaces: NamedNamespace[];
  onBegin: (namespace: string) => void;
  onAgain: () => void;
  onDiscard: () => void;
}

function Phase(props: PhaseProps) {
  const { state, busy, onDiscard } = props;
  const share = state.total > 0 ? state.read / state.total : 0;
  switch (state.phase) {
    case "reading":
      return (
        <>
          <Progress label="Looking through the file" share={share} />
          <Discard busy={busy} onDiscard={onDiscard} label="Cancel" />
        </>
      );
    case "importing":
      return (
        <>
          <Progress label="Importing" share={share} />
          <p className="text-note text-ink-2">{conversations(state.counts.imported + state.counts.restored)} so far.</p>
          <Discard busy={busy} onDiscard={onDiscard} label="Stop" />
        </>
      );
    case "ready":
      return <Ready {...props} />;
    case "done":
      return (
        <>
          <p role="status" className="text-ui">
            {done(state.counts)}
          </p>
          <Discard busy={busy} onDiscard={onDiscard} label="Dismiss" />
        </>
      );
    case "failed":
      return (
        <>
          <Alert>{state.error}</Alert>
          <Retry {...props} label="Try again" />
        </>
      );
    case "stalled":
      return (
        <>
          <Alert>The server stopped in the middle. What came in is safe, and nothing comes in twice.</Alert>
          <Retry {...props} label="Go on" />
        </>
      );
  }
}

function Ready(props: PhaseProps) {
  const { state, busy, onDiscard } = props;
  const count = state.counts.new + state.counts.binned;
  if (count === 0) {
    return (
      <>
        <Alert>There is nothing to import in this file. {found(state.counts)}</Alert>
        <Discard busy={busy} onDiscard={onDiscard} label="Discard" />
      </>
    );
  }
  return (
    <>
      <p role="status" className="text-ui">
        {found(state.counts)}
      </p>
      <Begin {...props} label={`Import ${conversations(count)}`} />
    </>
  );
}

function Retry(props: PhaseProps & { label: string }) {
  if (props.state.written) return <Begin {...props} />;
  return (
    <div className="flex flex-wrap gap-2">
      <Button look="primary" busy={props.busy} onClick={props.onAgain}>
        {props.label}
      </Button>
      <Discard busy={props.busy} onDiscard={props.onDiscard} label="Discard" />
    </div>
  );
}

function Begin({ namespaces, busy, onBegin, onDiscard, label }: PhaseProps & { label: string }) {
  const [namespace, setNamespace] = useState(namespaces[0]?.type ?? "");
  const id = useId();
  const days = namespaces.find(({ type }) => type === namespace)?.days;
  return (
    <div className="grid gap-3">
      <label htmlFor={id} className="grid gap-1.5 text-note font-medium">
        Into the namespace
        <Select id={id} value={namespace} onChange={(event) => setNamespace(event.target.value)}>
          {namespaces.map(({ type, label: name }) => (
            <option key={type} value={type}>
              {name}
            </option>
          ))}
        </Select>
      </label>
      {days && (
        <p className="text-small text-ink-2">
          It keeps conversations for {days} days after their last message. Older ones are removed soon after they come
          in; choose another namespace to keep them.
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        <Button look="primary" busy={busy} onClick={() => onBegin(namespace)}>
          {label}
        </Button>
        <Discard busy={busy} onDiscard={onDiscard} label="Discard" />
      </div>
    </div>
  );
}

function Discard({ busy, onDiscard, label }: { busy: boolean; onDiscard: () => void; label: string }) {
  return (
    <Button className="justify-self-start" disabled={busy} onClick={onDiscard}>
      {label}
    </Button>
  );
}
