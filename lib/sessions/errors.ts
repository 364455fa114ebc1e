export type SessionErrorCode =
  | "session_missing"
  | "branch_missing"
  | "branch_name_taken"
  | "branch_name_invalid"
  | "branch_last"
  | "branch_current"
  | "position_invalid"
  | "item_invalid"
  | "conflict"
  | "operation_reused"
  | "suffix_changed"
  | "document_invalid"
  | "keys_invalid"
  | "unreadable"
  | "option_invalid"
  | "store_closed"
  | "store_busy"
  | "store_unreachable"
  | "store_too_new"
  | "store_too_old";

/** What every function of this library throws. `code` is for programs, `message` says what to do. */
export class SessionError extends Error {
  readonly code: SessionErrorCode;

  constructor(code: SessionErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "SessionError";
    this.code = code;
  }
}
