import { AppError } from "./errors.ts";

/** What can be wrong with the place where everything is kept, apart from what was asked of it. */
export type Trouble = "locked" | "full" | "unwritable" | "unreachable";

const sentences: Record<Trouble, string> = {
  locked: "The database is locked by another program, so nothing was saved. Try again in a moment.",
  full: "The server's disk is full, so nothing was saved. Try again when its operator has made room.",
  unwritable: "The server cannot write to its database, so nothing was saved. Its operator has to look after it.",
  unreachable: "The database cannot be reached at the moment. Try again shortly; nothing happens twice.",
};

/** Names the trouble that an error comes from, however deep it lies; undefined when it is of another kind. */
export function troubleOf(error: unknown): Trouble | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const found = named(cause);
    if (found) return found;
  }
  return undefined;
}

/** What a person is told of it. */
export const troubleError = (trouble: Trouble, cause: unknown): AppError =>
  new AppError("unavailable", sentences[trouble], { cause });

function named(error: Error): Trouble | undefined {
  const code = "code" in error ? String(error.code) : "";
  if (/^SQLITE_(BUSY|LOCKED)/.test(code) || error.message.includes("statements in progress")) return "locked";
  if (/^SQLITE_FULL|^ENOSPC$/.test(code)) return "full";
  if (/^SQLITE_(READONLY|CANTOPEN|IOERR|PERM)/.test(code)) return "unwritable";
  if (/^HRANA|^SERVER_ERROR$|^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|UND_ERR_\w+)$/.test(code)) return "unreachable";
  return error instanceof TypeError && error.message === "fetch failed" ? "unreachable" : undefined;
}
