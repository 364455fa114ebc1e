import { setTimeout as pause } from "node:timers/promises";
import {
  type Model,
  type ModelRequest,
  type ModelResponse,
  OpenAIChatCompletionsModel,
  OpenAIResponsesModel,
  type StreamEvent,
  setTracingDisabled,
} from "@openai/agents";
import { env } from "#env.ts";
import { AloudModel, type Speaker } from "./aloud.ts";
import { clientFor, completeConnection } from "./client.ts";
import type { Connection } from "./connection.ts";
import { DemoModel } from "./demo/model.ts";
import { refusesReasoning, refusesTools } from "./explain.ts";
import { forChat, forResponses, hasReasoning, withoutReasoning } from "./history.ts";
import { withinPatience } from "./patience.ts";
import { retryDelay } from "./retry.ts";
import type { Hear } from "./said.ts";
import { heardBy } from "./transport.ts";
import { watchStream } from "./watch.ts";

// The SDK would otherwise send every run's content to OpenAI, whichever model answers.
setTracingDisabled(true);

/** Not on globalThis: an error must be of the same class where it is thrown and where it is explained. */
const kept = new Map<string, Speaker>();

/** The model of a connection for one run, to be given to a `Runner`. What it says is told to `hear` at once. */
export const modelFor = (connection: Connection, hear: Hear): Model => new AloudModel(speakerFor(connection), hear);

/** The same connection gives the same speaker, which remembers what its server cannot do. */
function speakerFor(connection: Connection): Speaker {
  const { kind, baseUrl, apiKey, api, model: name } = connection;
  const key = JSON.stringify([kind, baseUrl, apiKey, api, name]);
  let speaker = kept.get(key);
  if (!speaker) {
    speaker = kind === "demo" ? new DemoModel() : new ConnectedModel(connection);
    if (kept.size >= 50) kept.delete(kept.keys().next().value ?? key);
    kept.set(key, speaker);
  }
  return speaker;
}

interface Attempt {
  readonly request: ModelRequest;
  /** Whether it was already sent twice as it is. */
  readonly repeated: boolean;
}

/** The SDK's own models, given a history that they can read and watched for answers that end too early. */
class ConnectedModel implements Speaker {
  #connection: Connection;
  #model: Model | undefined;
  #withoutTools = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async getResponse(request: ModelRequest): Promise<ModelResponse> {
    const model = await this.#ready(request.signal);
    let attempt: Attempt = { request: this.#prepare(request), repeated: false };
    for (;;) {
      try {
        return await model.getResponse(attempt.request);
      } catch (error) {
        attempt = await this.#nextAttempt(attempt, error);
      }
    }
  }

  async *speak(request: ModelRequest, hear: Hear): AsyncGenerator<StreamEvent> {
    const model = await this.#ready(request.signal);
    let attempt: Attempt = { request: this.#prepare(request), repeated: false };
    for (;;) {
      let started = false;
      try {
        const { request: asked } = attempt;
        const told: Hear = (said) => {
          started = true;
          hear(said);
        };
        const open = (signal: AbortSignal, stirred: () => void) =>
          heardBy({ hear: told, stirred }, () => model.getStreamedResponse({ ...asked, signal }));
        const events = withinPatience(open, env.MODEL_IDLE_SECONDS * 1000, request.signal);
        for await (const event of watchStream(events, this.#connection.api, request.signal)) {
          started = true;
          yield event;
        }
        return;
      } catch (error) {
        if (started) throw error;
        attempt = await this.#nextAttempt(attempt, error);
      }
    }
  }

  /** A server without a named model is asked for one here, so that its absence is an error of the run like any other. */
  async #ready(signal: AbortSignal | undefined): Promise<Model> {
    if (!this.#model) {
      this.#connection = await completeConnection(this.#connection, signal);
      const { api, model } = this.#connection;
      const client = clientFor(this.#connection);
      this.#model =
        api === "responses" ? new OpenAIResponsesModel(client, model) : new OpenAIChatCompletionsModel(client, model);
    }
    return this.#model;
  }

  #prepare(request: ModelRequest): ModelRequest {
    const { api, model } = this.#connection;
    const prepared = this.#withoutTools ? { ...request, tools: [], handoffs: [] } : request;
    if (api === "chat") return { ...prepared, input: forChat(request.input) };
    const { modelSettings } = request;
    const include = reasons(model) ? { include: ["reasoning.encrypted_content"] } : undefined;
    return {
      ...prepared,
      input: forResponses(request.input),
      modelSettings: {
        ...modelSettings,
        store: false,
        providerData: { ...include, ...modelSettings.providerData },
      },
    };
  }

  /** Without what this server cannot take, or once more as it was; throws the error where neither would help. */
  async #nextAttempt({ request, repeated }: Attempt, error: unknown): Promise<Attempt> {
    if (refusesTools(error) && request.tools.length + request.handoffs.length > 0) {
      this.#withoutTools = true;
      return { request: { ...request, tools: [], handoffs: [] }, repeated };
    }
    if (refusesReasoning(error) && hasReasoning(request.input)) {
      return { request: { ...request, input: withoutReasoning(request.input) }, repeated };
    }
    const delay = repeated ? undefined : retryDelay(error, this.#connection);
    if (delay === undefined || request.signal?.aborted) throw error;
    await pause(delay, undefined, { signal: request.signal });
    return { request, repeated: true };
  }
}

/** Asking a model that does not reason for its encrypted reasoning is refused. */
function reasons(model: string): boolean {
  return /^(?:o\d|gpt-(?:[5-9]|\d\d)|codex)/.test(model.replace(/^openai\//, "")) && !/chat/.test(model);
}
