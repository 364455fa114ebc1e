import { MaxTurnsExceededError, ModelBehaviorError, ModelRefusalError, ToolCallError } from "@openai/agents";
import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from "openai";
import { describe, expect, it } from "vitest";
import { AppError } from "#lib/errors.ts";
import { connectionTo } from "./connection.ts";
import { explainModelError } from "./explain.ts";
import { ModelFault } from "./fault.ts";

const openAi = connectionTo({ apiKey: "sk-live-abcdefghijkl", model: "gpt-9" });
const local = connectionTo({ baseUrl: "http://localhost:11434/v1", model: "llama3" });
const answer = (status: number | undefined, message: string, code?: string, headers?: Record<string, string>) =>
  APIError.generate(status, { error: { message, code } }, undefined, new Headers(headers));
/** An error inside a stream: it has the server's words and no status. */
const inStream = (message: string, code?: string) =>
  new APIError(undefined, { message, code }, undefined, new Headers());

describe("explainModelError", () => {
  it.each([
    [answer(401, "Incorrect API key provided: sk-live-abcdefghijkl"), "wrong_key"],
    [answer(403, "Project does not have access"), "no_access"],
    [answer(404, "The model `gpt-9` does not exist", "model_not_found"), "unknown_model"],
    [answer(404, "Not Found"), "unknown_model"],
    [answer(400, "gpt-9 is not a valid model ID"), "unknown_model"],
    [answer(429, "Rate limit reached", "rate_limit_exceeded"), "rate_limited"],
    [answer(429, "You exceeded your current quota", "insufficient_quota"), "no_credit"],
    [answer(402, "Insufficient credits"), "no_credit"],
    [answer(500, "The server had an error"), "server_error"],
    [answer(503, "Loading model"), "server_error"],
    [answer(529, "Overloaded"), "server_error"],
    [answer(408, "Request timeout"), "timed_out"],
    [answer(400, "This model's maximum context length is 8192 tokens"), "context_too_long"],
    [answer(400, "Your input exceeds the context window of this model", "context_length_exceeded"), "context_too_long"],
    [answer(400, "the request exceeds the available context size"), "context_too_long"],
    [answer(400, "prompt is too long: 210000 tokens > 200000 maximum"), "context_too_long"],
    [answer(413, "Payload Too Large"), "context_too_long"],
    [answer(400, "registry.ollama.ai/library/gemma:2b does not support tools"), "no_tools"],
    [answer(400, '"auto" tool choice requires --enable-auto-tool-choice to be set'), "no_tools"],
    [answer(404, "No endpoints found that support tool use"), "no_tools"],
    [answer(400, "API key not valid. Please pass a valid API key."), "wrong_key"],
    [answer(400, "Unsupported parameter: 'x'"), "bad_request"],
    [inStream("Rate limit reached", "rate_limit_exceeded"), "rate_limited"],
    [inStream("boom"), "server_error"],
    [new APIConnectionTimeoutError(), "timed_out"],
    [new APIConnectionError({ cause: new Error("connect ECONNREFUSED 127.0.0.1:1") }), "unreachable"],
    [new APIConnectionError({ cause: new Error("other side closed") }), "cut_off"],
    [new TypeError("terminated", { cause: new Error("other side closed") }), "cut_off"],
    [new SyntaxError("Error reading response: malformed server-sent event JSON."), "cut_off"],
    [new TypeError("fetch failed", { cause: new Error("getaddrinfo ENOTFOUND nowhere") }), "unreachable"],
    [new ModelFault("cut_off", "x"), "cut_off"],
    [new ModelFault("empty", "x"), "empty"],
    [new ModelFault("output_limit", "x"), "output_limit"],
    [new MaxTurnsExceededError("Max turns (10) exceeded"), "too_many_steps"],
    [new ModelBehaviorError("Tool nothing not found in agent Billing."), "invalid_answer"],
    [new ModelRefusalError("I cannot help with that."), "refused"],
    [new ToolCallError("Failed to run function tools", new Error("secret inside")), "tool_failed"],
    [new APIUserAbortError(), "stopped"],
    [new DOMException("aborted", "AbortError"), "stopped"],
    [new DOMException("timeout", "TimeoutError"), "timed_out"],
    [new Error("anything"), "unknown"],
    ["a string", "unknown"],
    [undefined, "unknown"],
  ])("%s is %s", (error, code) => {
    const explained = explainModelError(error, openAi);
    expect(explained.code).toBe(code);
    expect(explained.message).toMatch(/^[^\n]+\.$/);
    expect(explained.message).not.toMatch(/undefined|null|\[object|sk-live|secret inside|\n/);
  });

  it("tells a missing key from a wrong one", () => {
    const error = answer(401, "You didn't provide an API key");
    expect(explainModelError(error, local)).toMatchObject({
      code: "no_key",
      message: expect.stringMatching(/none is set/),
    });
    expect(explainModelError(error, openAi)).toMatchObject({ code: "wrong_key" });
  });

  it("names the server and the model", () => {
    expect(explainModelError(answer(404, "model not found"), openAi).message).toBe(
      "OpenAI has no model called gpt-9; choose another one in settings.",
    );
    expect(explainModelError(answer(404, "Not Found"), { ...local, model: "" }).message).toBe(
      "localhost:11434 lists no models at that address; check it, or name a model, in settings.",
    );
    expect(explainModelError(new APIConnectionError({}), local).message).toBe(
      "localhost:11434 cannot be reached; check that it is running and that its address in settings is right.",
    );
  });

  it("says how long to wait when the server does", () => {
    const wait = (seconds: string) =>
      explainModelError(answer(429, "slow", undefined, { "retry-after": seconds }), openAi);
    expect(wait("20").message).toContain("try again in 20 seconds");
    expect(wait("300").message).toContain("try again in 5 minutes");
    expect(wait("Wed, 21 Oct 2026 07:28:00 GMT").message).toContain("try again in a moment");
  });

  it("shows a server's own reason for a refused request, short and without keys", () => {
    const long = `Unsupported value for sk-live-abcdefghijkl and Bearer abcdefgh12345 at https://x.test/?k=1 ${"x".repeat(400)}`;
    const { message } = explainModelError(answer(400, long), openAi);
    expect(message).toContain("Unsupported value");
    expect(message).not.toMatch(/sk-live|abcdefgh12345|x\.test/);
    expect(message.length).toBeLessThan(260);
  });

  it("passes on the words of our own errors", () => {
    const own = new AppError("not_found", "There is no such agent; choose another one.");
    expect(explainModelError(own, openAi)).toEqual({ code: "unknown", message: own.message, retryable: false });
  });

  it("offers another try only where it may help", () => {
    const retryable = (error: unknown) => explainModelError(error, openAi).retryable;
    expect([answer(429, "slow"), answer(500, "boom"), new APIConnectionError({})].map(retryable)).toEqual([
      true,
      true,
      true,
    ]);
    expect([answer(401, "no"), answer(404, "no"), answer(400, "context length")].map(retryable)).toEqual([
      false,
      false,
      false,
    ]);
  });
});
