import { AppError } from "#lib/errors.ts";

const longestMessage = 100_000;

/**
 * A message as it may be sent: without what a database cannot give back as it was. Throws `invalid`
 * for one that is empty or too long.
 */
export function checkText(written: string): string {
  const text = written.replaceAll("\0", "").toWellFormed();
  if (text.trim() === "") throw new AppError("invalid", "The message is empty. Write something, then send it.");
  if (text.length > longestMessage) {
    throw new AppError(
      "invalid",
      `The message has ${text.length.toLocaleString("en")} characters; ${longestMessage.toLocaleString("en")} is the most. Shorten it or send it in parts.`,
    );
  }
  return text;
}
