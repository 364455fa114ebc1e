import OpenAI from "openai";
import { env } from "#env.ts";
import type { Connection } from "./connection.ts";
import { ModelFault } from "./fault.ts";
import { listeningFetch } from "./transport.ts";

/** Bundles each have their own; the sockets below are the process's in any case. */
const kept = new Map<string, OpenAI>();

/** One client per server and key. */
export function clientFor({ baseUrl, apiKey }: Connection): OpenAI {
  const key = JSON.stringify([baseUrl, apiKey]);
  let client = kept.get(key);
  if (!client) {
    // Only what the connection says: the client would otherwise read more from the environment.
    client = new OpenAI({
      baseURL: baseUrl,
      apiKey: apiKey ?? "none",
      adminAPIKey: null,
      organization: null,
      project: null,
      webhookSecret: null,
      // The client would wait for as long as a server asks, up to a minute: see `retryDelay`.
      maxRetries: 0,
      timeout: env.MODEL_IDLE_SECONDS * 1000,
      fetch: listeningFetch,
      logLevel: "off",
    });
    if (kept.size >= 20) kept.delete(kept.keys().next().value ?? key);
    kept.set(key, client);
  }
  return client;
}

/** The models of a server that can hold a conversation, in the server's order. */
export async function listModels(connection: Connection, signal?: AbortSignal): Promise<string[]> {
  const page = await clientFor(connection).models.list({ signal, timeout: 5000 });
  return (page.data ?? []).map(({ id }) => id).filter(canChat);
}

const otherKinds =
  /embed|rerank|\bbge-|whisper|tts|transcribe|dall-e|image|moderation|realtime|audio|sora|davinci|babbage|speech|guard/i;

export function canChat(model: string): boolean {
  return !otherKinds.test(model);
}

/** Asks a server for its first model when the connection names none. */
export async function completeConnection(connection: Connection, signal?: AbortSignal): Promise<Connection> {
  if (connection.model !== "") return connection;
  const [model] = await listModels(connection, signal);
  if (!model) throw new ModelFault("no_model", `${connection.label} lists no model`);
  return { ...connection, model };
}
