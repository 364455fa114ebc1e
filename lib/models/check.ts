import { completeConnection, listModels } from "./client.ts";
import type { Connection } from "./connection.ts";
import { type ExplainedError, explainModelError } from "./explain.ts";
import { modelFor } from "./model.ts";

export type Checked =
  | { readonly ok: true; readonly model: string; readonly models: readonly string[]; readonly milliseconds: number }
  | ({ readonly ok: false; readonly models: readonly string[] } & ExplainedError);

/** Tries a connection the way a run would, as far as the first sign of an answer. Takes at most `patience`. */
export async function checkConnection(connection: Connection, patience = 10_000): Promise<Checked> {
  const started = performance.now();
  const signal = AbortSignal.timeout(patience);
  // A server may well answer without being able to list its models.
  const listing = connection.kind === "demo" ? Promise.resolve([]) : listModels(connection, signal).catch(() => []);
  try {
    const complete = await completeConnection(connection, signal);
    await firstEvent(complete, signal);
    const milliseconds = Math.round(performance.now() - started);
    return { ok: true, model: complete.model, models: await listing, milliseconds };
  } catch (error) {
    const explained = explainModelError(signal.aborted ? signal.reason : error, connection);
    return { ok: false, models: await listing, ...explained };
  }
}

async function firstEvent(connection: Connection, signal: AbortSignal): Promise<void> {
  const events = modelFor(connection, () => {}).getStreamedResponse({
    input: "Answer with the word yes.",
    modelSettings: {},
    tools: [],
    handoffs: [],
    outputType: "text",
    tracing: false,
    signal,
  });
  for await (const _ of events) return;
  signal.throwIfAborted();
}
