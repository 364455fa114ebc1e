import {
  type Model,
  type ModelRequest,
  type ModelResponse,
  OpenAIChatCompletionsModel,
  OpenAIResponsesModel,
  type StreamEvent,
  setTracingDisabled,
} from "@openai/agents";
import { clientFor, completeConnection } from "./client.ts";
import type { Connection } from "./connection.ts";
import { DemoModel } from "./demo/model.ts";
import { refusesReasoning, refusesTools } from "./explain.ts";
import { forChat, forResponses, hasReasoning, withoutReasoning } from "./history.ts";
import { watchStream } from "./watch.ts";

// The SDK would otherwise send every run's content to OpenAI, whichever model answers.
setTracingDisabled(true);

const models = Symbol.for("switchboard.models.models");
type Holder = typeof globalThis & { [models]?: Map<string, Model> };

/** The SDK's model for a connection, to be given to a `Runner`. The same connection gives the same model. */
export function modelFor(connection: Connection): Model {
  const holder: Holder = globalThis;
  holder[models] ??= new Map();
  const kept = holder[models];
  const { kind, baseUrl, apiKey, api, model: name } = connection;
  const key = JSON.stringify([kind, baseUrl, apiKey, api, name]);
  let model = kept.get(key);
  if (!model) {
    model = kind === "demo" ? new DemoModel() : new ConnectedModel(connection);
    if (kept.size >= 50) kept.delete(kept.keys().next().value ?? key);
    kept.set(key, model);
  }
  return model;
}

/** The SDK's own models, given a history that they can read and watched for answers that end too early. */
class ConnectedModel implements Model {
  #connection: Connection;
  #model: Model | undefined;
  #withoutTools = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async getResponse(request: ModelRequest): Promise<ModelResponse> {
    const model = await this.#ready(request.signal);
    for (let next = this.#prepare(request); ; ) {
      try {
        return await model.getResponse(next);
      } catch (error) {
        next = this.#simplify(next, error);
      }
    }
  }

  async *getStreamedResponse(request: ModelRequest): AsyncGenerator<StreamEvent> {
    const model = await this.#ready(request.signal);
    for (let next = this.#prepare(request); ; ) {
      let started = false;
      try {
        for await (const event of watchStream(model.getStreamedResponse(next), this.#connection.api, next.signal)) {
          started = true;
          yield event;
        }
        return;
      } catch (error) {
        if (started) throw error;
        next = this.#simplify(next, error);
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

  /** The same request without what this server cannot take; throws the error when that is not the reason for it. */
  #simplify(request: ModelRequest, error: unknown): ModelRequest {
    if (refusesTools(error) && request.tools.length + request.handoffs.length > 0) {
      this.#withoutTools = true;
      return { ...request, tools: [], handoffs: [] };
    }
    if (refusesReasoning(error) && hasReasoning(request.input)) {
      return { ...request, input: withoutReasoning(request.input) };
    }
    throw error;
  }
}

/** Asking a model that does not reason for its encrypted reasoning is refused. */
function reasons(model: string): boolean {
  return /^(?:o\d|gpt-(?:[5-9]|\d\d)|codex)/.test(model.replace(/^openai\//, "")) && !/chat/.test(model);
}
