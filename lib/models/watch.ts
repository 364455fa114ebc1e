import type { StreamEvent } from "@openai/agents";
import type { Connection } from "./connection.ts";
import { ModelFault } from "./fault.ts";

/**
 * Passes a stream on and notices what neither the client nor the runner calls an error: a stream that just ends,
 * an answer cut at its length limit, an answer of nothing.
 */
export async function* watchStream(
  events: AsyncIterable<StreamEvent>,
  api: Connection["api"],
  signal: AbortSignal | undefined,
): AsyncGenerator<StreamEvent> {
  let ended = false;
  let finish: string | undefined;
  let fault: ModelFault | undefined;
  try {
    for await (const event of events) {
      if (event.type === "model") {
        if (api === "chat") finish = finishOf(event.event) ?? finish;
        else fault = faultOf(event.event) ?? fault;
      } else if (event.type === "response_done") {
        ended = true;
        const { output, usage } = event.response;
        if (finish === "length") throw new ModelFault("output_limit", "the answer reached its length limit");
        // Some servers never name a finish but do count tokens at the end; a cut stream has neither.
        if (api === "chat" && !finish && usage.totalTokens === 0) throw cutOff();
        if (output.every(saysNothing)) throw new ModelFault("empty", "the answer is empty");
        if (output.some(isBoundless)) throw new ModelFault("invalid_answer", "a tool's arguments are far too long");
      }
      yield event;
    }
  } catch (error) {
    if (error instanceof ModelFault) throw error;
    if (fault) throw new ModelFault(fault.code, fault.message, { cause: error });
    // What reads the stream fell over an event that is like none of the protocol; a broken connection has a cause.
    if (error instanceof TypeError && !error.cause) {
      throw new ModelFault("invalid_answer", "an event has another shape", { cause: error });
    }
    throw error;
  }
  if (!ended && !signal?.aborted) throw fault ?? cutOff();
}

type OutputItem = Extract<StreamEvent, { type: "response_done" }>["response"]["output"][number];

function saysNothing(item: OutputItem): boolean {
  if ("role" in item) return item.content.every((part) => part.type === "output_text" && part.text === "");
  return item.type === "reasoning";
}

/** No tool takes so much; it would be kept, sent to every viewer, and sent back to the model with each message. */
const longestArguments = 500_000;

function isBoundless(item: OutputItem): boolean {
  return item.type === "function_call" && item.arguments.length > longestArguments;
}

const cutOff = () => new ModelFault("cut_off", "the stream ended before the answer did");

function finishOf(event: unknown): string | undefined {
  const choices = field(event, "choices");
  const finish = Array.isArray(choices) ? field(choices[0], "finish_reason") : undefined;
  return typeof finish === "string" ? finish : undefined;
}

function faultOf(event: unknown): ModelFault | undefined {
  const response = field(event, "response");
  const details = field(response, "incomplete_details");
  if (details || field(response, "status") === "incomplete") {
    if (field(details, "reason") === "content_filter") return new ModelFault("refused", "the answer was filtered");
    return new ModelFault("output_limit", "the answer reached its length limit");
  }
  const error = field(event, "type") === "error" ? event : field(response, "error");
  if (!error) return undefined;
  const code = field(error, "code");
  if (code === "rate_limit_exceeded") return new ModelFault("rate_limited", "the server limits requests");
  if (code === "context_length_exceeded") return new ModelFault("context_too_long", "the context is too long");
  return new ModelFault("server_error", "the server gave up on the answer");
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
