import {
  MaxTurnsExceededError,
  ModelBehaviorError,
  ModelRefusalError,
  ModelTimeoutError,
  ToolCallError,
  ToolTimeoutError,
} from "@openai/agents";
import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from "openai";
import { AppError } from "#lib/errors.ts";
import type { Connection } from "./connection.ts";
import { type ModelErrorCode, ModelFault } from "./fault.ts";

export interface ExplainedError {
  readonly code: ModelErrorCode;
  /** One sentence: what happened and what to do. Holds no secret and no stack. */
  readonly message: string;
  /** Whether the same message may well succeed when it is sent again as it is. */
  readonly retryable: boolean;
}

/** What a failed run says to a person, whatever was thrown. */
export function explainModelError(error: unknown, connection: Connection): ExplainedError {
  if (error instanceof AppError) return { code: "unknown", message: error.message, retryable: false };
  const code = codeOf(error, connection);
  return { code, message: sentence(code, error, connection), retryable: retryable.has(code) };
}

const retryable = new Set<ModelErrorCode>([
  "rate_limited",
  "unreachable",
  "timed_out",
  "cut_off",
  "server_error",
  "empty",
  "invalid_answer",
  "tool_failed",
  "stopped",
  "unknown",
]);

function codeOf(error: unknown, connection: Connection): ModelErrorCode {
  if (error instanceof ModelFault) return error.code;
  if (error instanceof MaxTurnsExceededError) return "too_many_steps";
  if (error instanceof ModelRefusalError) return "refused";
  if (error instanceof ModelTimeoutError) return "timed_out";
  if (error instanceof ToolCallError || error instanceof ToolTimeoutError) return "tool_failed";
  if (error instanceof ModelBehaviorError) return "invalid_answer";
  if (error instanceof APIUserAbortError) return "stopped";
  if (error instanceof APIConnectionTimeoutError) return "timed_out";
  if (error instanceof APIConnectionError) return hungUp.test(chain(error)) ? "cut_off" : "unreachable";
  if (error instanceof APIError) return codeOfAnswer(error, connection);
  if (!(error instanceof Error)) return "unknown";
  if (error.name === "AbortError") return "stopped";
  if (error.name === "TimeoutError") return "timed_out";
  if (hungUp.test(chain(error))) return "cut_off";
  if (/ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|fetch failed/i.test(chain(error))) return "unreachable";
  return "unknown";
}

const hungUp = /malformed server-sent event|terminated|other side closed|socket hang up|ECONNRESET/i;

/** By what the server said first, then by its status: statuses differ between servers for the same trouble. */
function codeOfAnswer(error: APIError, { apiKey }: Connection): ModelErrorCode {
  const said = wordsOf(error);
  const { status } = error;
  if (tooLong.test(said)) return "context_too_long";
  if (refusesTools(error)) return "no_tools";
  if (/insufficient_quota|billing_hard_limit|insufficient (?:credits?|balance)|no credits?/i.test(said))
    return "no_credit";
  if (/api key (?:is )?(?:not valid|invalid)|(?:invalid|incorrect) api key|invalid_api_key/i.test(said)) {
    return apiKey ? "wrong_key" : "no_key";
  }
  if (unknownModel.test(said)) return "unknown_model";
  if (/content_filter|content_policy|moderation/i.test(said)) return "refused";
  switch (status) {
    case undefined:
      return /rate_limit/i.test(said) ? "rate_limited" : "server_error";
    case 401:
      return apiKey ? "wrong_key" : "no_key";
    case 402:
      return "no_credit";
    case 403:
      return apiKey ? "no_access" : "no_key";
    case 404:
      return "unknown_model";
    case 408:
    case 504:
      return "timed_out";
    case 413:
      return "context_too_long";
    case 429:
      return "rate_limited";
    default:
      return status >= 500 || status === 409 ? "server_error" : "bad_request";
  }
}

const tooLong =
  /context[\s_-]*(?:length|window|size)|maximum number of tokens|(?:prompt|input) is too long|too many (?:input )?tokens|token count.*exceeds|tokens.*must be <=|reduce the length/i;
const unknownModel =
  /model_not_found|(?:unknown|invalid|no such) model|model\b.{0,80}(?:not found|does ?n['o]t exist|not exist|not available|not loaded)|not a valid model/i;
const noTools =
  /(?:not|n['’]t) support (?:the )?(?:use of )?(?:tools?|function)|support tool use|tools? (?:use )?(?:is|are) not supported|tool choice requires|tools param requires/i;

/** Whether a server says that this model takes no tools. */
export function refusesTools(error: unknown): boolean {
  return error instanceof APIError && noTools.test(wordsOf(error));
}

/** Whether a server cannot read reasoning that another account or model has encrypted. */
export function refusesReasoning(error: unknown): boolean {
  return error instanceof APIError && error.status === 400 && /encrypted.content/i.test(wordsOf(error));
}

function sentence(code: ModelErrorCode, error: unknown, { label, model, kind, apiKey }: Connection): string {
  const name = model || "the model";
  // A sentence does not begin with a name in small letters.
  const who = model ? `The model ${model}` : "The model";
  switch (code) {
    case "no_key":
      return `${label} asks for an API key and none is set; add one in settings.`;
    case "wrong_key":
      return `${label} did not accept the API key; check it in settings.`;
    case "no_access":
      return `${label} does not let this key use ${name}; choose another model or key in settings.`;
    case "unknown_model":
      return model
        ? `${label} has no model called ${model}; choose another one in settings.`
        : `${label} lists no models at that address; check it, or name a model, in settings.`;
    case "no_model":
      return `${label} has no model to offer; load one there or name one in settings.`;
    case "no_tools":
      return `${who} cannot use tools; choose another model in settings.`;
    case "rate_limited":
      return `${label} is limiting requests; try again ${waitOf(error)}.`;
    case "no_credit":
      return `The account at ${label} has no credit left; add some there or connect another model in settings.`;
    case "unreachable":
      return kind === "openai"
        ? `${label} cannot be reached; check this server's connection to the internet.`
        : `${label} cannot be reached; check that it is running and that its address in settings is right.`;
    case "timed_out":
      return `${label} took too long to answer; try again, or choose a faster model in settings.`;
    case "context_too_long":
      return `This conversation is longer than ${name} can read; start a new one or choose a model with a larger context.`;
    case "output_limit":
      return `${who} reached its length limit before the answer was complete; ask it to go on.`;
    case "cut_off":
      return `The connection to ${label} broke in the middle of the answer; what arrived is kept, and you can try again.`;
    case "server_error":
      return `${label} failed to answer${statusOf(error)}; try again in a moment.`;
    case "bad_request":
      return `${label} did not accept the request${reasonOf(error, apiKey)}; check the model in settings.`;
    case "refused":
      return `${who} declined to answer this; put it another way or choose another model.`;
    case "empty":
      return `${who} answered with nothing; try again.`;
    case "invalid_answer":
      return `${who} answered in a way that could not be understood; try again.`;
    case "too_many_steps":
      return "The agents took too many steps without reaching an answer; ask for a smaller part at a time.";
    case "tool_failed":
      return "A tool failed while the answer was being written; try again.";
    case "stopped":
      return "The answer was stopped; try again when you like.";
    case "unknown":
      return "Something unexpected went wrong while answering; try again.";
  }
}

function waitOf(error: unknown): string {
  const header = error instanceof APIError ? Number(error.headers?.get("retry-after")) : 0;
  const seconds = Math.ceil(header);
  if (!(seconds > 0)) return "in a moment";
  if (seconds === 1) return "in a second";
  return seconds < 120 ? `in ${seconds} seconds` : `in ${Math.ceil(seconds / 60)} minutes`;
}

function statusOf(error: unknown): string {
  return error instanceof APIError && error.status ? ` (status ${error.status})` : "";
}

/** The server's own reason, on one line, short, and without anything that looks like a key. */
function reasonOf(error: unknown, apiKey: string | undefined): string {
  if (!(error instanceof APIError) || !error.message) return "";
  const reason = error.message
    .replace(/^\d{3}\s+/, "")
    .replaceAll(apiKey || "\u0000", "…")
    .replace(/\b(?:sk|key|gsk|xai|Bearer)[-_ ][\w.-]{6,}/gi, "…")
    .replace(/https?:\/\/\S+/g, "")
    .replace(/\s+/g, " ")
    .replace(/[\s.;]+$/, "");
  return reason === "" ? "" : ` (${reason.length > 140 ? `${reason.slice(0, 140).trimEnd()}…` : reason})`;
}

function wordsOf(error: APIError): string {
  return `${error.code ?? ""} ${error.type ?? ""} ${error.message}`;
}

function chain(error: Error): string {
  const parts: string[] = [];
  let next: unknown = error;
  for (let depth = 0; next instanceof Error && depth < 5; depth += 1) {
    parts.push(next.message, "code" in next ? String(next.code) : "");
    next = next.cause;
  }
  return parts.join(" ");
}
