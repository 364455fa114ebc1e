import type { Env } from "#env.ts";

/** Where answers come from: OpenAI itself, a server that speaks the same protocol, or nothing but this process. */
export interface Connection {
  readonly kind: "openai" | "compatible" | "demo";
  /** How a person calls the server: "OpenAI", "localhost:11434". */
  readonly label: string;
  readonly baseUrl?: string;
  readonly apiKey?: string;
  readonly api: "responses" | "chat";
  /** Empty where a compatible server is to be asked which models it has. */
  readonly model: string;
}

export const openAiUrl = "https://api.openai.com/v1";
export const defaultOpenAiModel = "gpt-5.6-luna";

export const demoConnection: Connection = { kind: "demo", label: "this server", api: "chat", model: "demo" };

type ModelEnvironment = Pick<Env, "OPENAI_API_KEY" | "OPENAI_BASE_URL" | "OPENAI_API" | "OPENAI_MODEL">;

/** The connection that the environment asks for, if it asks for one. A server of one's own needs no key. */
export function connectionFromEnvironment(env: ModelEnvironment): Connection | undefined {
  if (!env.OPENAI_API_KEY && !env.OPENAI_BASE_URL) return undefined;
  return connectionTo({
    baseUrl: env.OPENAI_BASE_URL,
    apiKey: env.OPENAI_API_KEY,
    api: env.OPENAI_API,
    model: env.OPENAI_MODEL,
  });
}

/** Fills in what a person left out: the address, the protocol, the model and the label. */
export function connectionTo(given: {
  baseUrl?: string | null;
  apiKey?: string | null;
  api?: Connection["api"] | null;
  model?: string | null;
  label?: string;
}): Connection {
  const baseUrl = normalizeBaseUrl(given.baseUrl || openAiUrl);
  const { hostname, host } = new URL(baseUrl);
  const isOpenAi = hostname === "api.openai.com";
  return {
    kind: isOpenAi ? "openai" : "compatible",
    label: given.label || (isOpenAi ? "OpenAI" : host),
    baseUrl,
    apiKey: given.apiKey || undefined,
    api: given.api ?? (isOpenAi ? "responses" : "chat"),
    model: given.model || (isOpenAi ? defaultOpenAiModel : ""),
  };
}

/** "gpt-5.6-luna at OpenAI", "llama3 at localhost:11434", "Offline demo model". */
export function describeModel(connection: Connection): string {
  if (connection.kind === "demo") return "Offline demo model";
  return connection.model ? `${connection.model} at ${connection.label}` : `A model at ${connection.label}`;
}

/** People paste the address of their own server without the /v1 on which all of them serve the protocol. */
function normalizeBaseUrl(address: string): string {
  const url = new URL(address.trim());
  const path = url.pathname.replace(/\/+$/, "");
  return `${url.origin}${path === "" && url.protocol === "http:" ? "/v1" : path}`;
}
