export type ModelErrorCode =
  | "no_key"
  | "wrong_key"
  | "no_access"
  | "unknown_model"
  | "no_model"
  | "no_tools"
  | "rate_limited"
  | "no_credit"
  | "unreachable"
  | "timed_out"
  | "context_too_long"
  | "output_limit"
  | "cut_off"
  | "server_error"
  | "bad_request"
  | "refused"
  | "empty"
  | "invalid_answer"
  | "too_many_steps"
  | "tool_failed"
  | "stopped"
  | "unknown";

/** What a server did wrong without failing: an answer that ends too early, says nothing, or is cut. */
export class ModelFault extends Error {
  override name = "ModelFault";
  readonly code: ModelErrorCode;

  constructor(code: ModelErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
