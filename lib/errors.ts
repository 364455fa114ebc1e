export type ErrorCode =
  | "invalid"
  | "not_found"
  | "conflict"
  /** An answer is being written here; afterwards the same can be done. */
  | "busy"
  | "rate_limited"
  | "unauthenticated"
  | "unavailable"
  | "unexpected";

const statuses: Record<ErrorCode, number> = {
  invalid: 400,
  unauthenticated: 401,
  not_found: 404,
  conflict: 409,
  busy: 409,
  rate_limited: 429,
  unexpected: 500,
  unavailable: 503,
};

/** An error meant for a person: its message is one sentence that says what is wrong and what would be right. */
export class AppError extends Error {
  override name = "AppError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  get status(): number {
    return statuses[this.code];
  }
}

/** What is not yours is not found, never forbidden: the same words for both. */
export const notFound = (what: string) => new AppError("not_found", `There is no such ${what}, or it is not yours.`);
