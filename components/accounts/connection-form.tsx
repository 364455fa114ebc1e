"use client";

import { useRouter } from "next/navigation";
import { useRef, useState, useTransition } from "react";
import { Alert } from "#components/ui/alert.tsx";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/input.tsx";
import { toast } from "#components/ui/toast.tsx";
import { removeConnection, saveConnection, testConnection } from "#lib/actions/connections.ts";
import { Choice } from "./choice.tsx";

export interface ConnectionFormProps {
  saved: {
    kind: "openai" | "compatible";
    baseUrl: string | null;
    api: "responses" | "chat";
    model: string;
    key: "none" | "saved" | "unreadable";
  } | null;
}

type Kind = "openai" | "compatible";
type Result = { ok: boolean; text: string } | null;

/** Where answers come from. Tested before it is saved, if the owner likes. */
export function ConnectionForm({ saved }: ConnectionFormProps) {
  const router = useRouter();
  const form = useRef<HTMLFormElement>(null);
  const [kind, setKind] = useState<Kind>(saved?.kind ?? "openai");
  const [result, setResult] = useState<Result>(null);
  const [models, setModels] = useState<string[]>([]);
  const [testing, startTest] = useTransition();
  const [saving, startSave] = useTransition();
  const busy = testing || saving;

  function typed() {
    const data = new FormData(form.current ?? undefined);
    const text = (name: string) => String(data.get(name) ?? "");
    const api: "responses" | "chat" = text("api") === "responses" ? "responses" : "chat";
    return { kind, baseUrl: text("baseUrl"), api, model: text("model"), apiKey: text("apiKey") };
  }

  const test = () =>
    startTest(async () => {
      setResult(null);
      const outcome = await testConnection(typed());
      if (!outcome.ok) return setResult({ ok: false, text: outcome.error.message });
      const { model, milliseconds } = outcome.value;
      setModels(outcome.value.models);
      setResult({ ok: true, text: `${model || "The model"} answers. The first sign came after ${milliseconds} ms.` });
    });

  const save = () =>
    startSave(async () => {
      const outcome = await saveConnection(typed());
      if (!outcome.ok) return setResult({ ok: false, text: outcome.error.message });
      setResult(null);
      toast("Saved. The next message goes to this model.");
      router.refresh();
    });

  const remove = () =>
    startSave(async () => {
      const outcome = await removeConnection({});
      if (!outcome.ok) return setResult({ ok: false, text: outcome.error.message });
      setResult(null);
      toast("Removed.");
      router.refresh();
    });

  return (
    <form
      ref={form}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
      className="grid gap-4"
    >
      <Choice
        label="Provider"
        name="kind"
        value={kind}
        onChange={(event) => setKind(event.target.value === "openai" ? "openai" : "compatible")}
      >
        <option value="openai">OpenAI</option>
        <option value="compatible">A compatible server</option>
      </Choice>
      {kind === "compatible" && (
        <Field
          label="Address"
          name="baseUrl"
          type="url"
          required
          placeholder="http://localhost:11434/v1"
          defaultValue={saved?.baseUrl ?? ""}
          hint="Ollama, LM Studio, llama.cpp, vLLM, OpenRouter and others."
        />
      )}
      <Choice label="API" key={kind} name="api" defaultValue={saved?.kind === kind ? saved.api : usualApi[kind]}>
        <option value="responses">Responses</option>
        <option value="chat">Chat Completions</option>
      </Choice>
      <Field
        label="Model"
        name="model"
        list="models"
        autoComplete="off"
        spellCheck={false}
        defaultValue={saved?.model ?? ""}
        hint="Leave it empty for the usual one. A test lists what the server has."
      />
      <datalist id="models">
        {models.map((model) => (
          <option key={model} value={model} />
        ))}
      </datalist>
      <Field
        label="API key"
        name="apiKey"
        type="password"
        autoComplete="off"
        placeholder={saved?.key === "saved" && saved.kind === kind ? "A key is saved" : undefined}
        error={
          saved?.key === "unreadable"
            ? "The saved key cannot be read: the instance's secret has changed. Enter it again."
            : null
        }
        hint={kind === "openai" ? "Kept encrypted, and never shown again." : "Leave it empty if the server needs none."}
      />
      <div aria-live="polite">
        {result?.ok && <p className="rounded-card bg-wash px-3 py-2.5 text-note">{result.text}</p>}
        {result?.ok === false && <Alert>{result.text}</Alert>}
      </div>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" look="primary" busy={saving} disabled={busy}>
          Save
        </Button>
        <Button busy={testing} disabled={busy} onClick={test}>
          Test
        </Button>
        {saved && (
          <Button look="quiet" disabled={busy} onClick={remove}>
            Remove
          </Button>
        )}
      </div>
    </form>
  );
}

const usualApi = { openai: "responses", compatible: "chat" } as const;
