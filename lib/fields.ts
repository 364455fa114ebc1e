import { z } from "zod";
import { normaliseEmail } from "./accounts.ts";
import { AppError } from "./errors.ts";

/** What people type into the forms of an account, and what is said when it does not fit. */

export const nameField = z
  .string({ error: "Enter your name." })
  .trim()
  .min(1, "Enter your name.")
  .max(80, "Use at most 80 characters for the name.");

export const emailField = z
  .string({ error: "Enter your email." })
  .transform(normaliseEmail)
  .pipe(z.email({ error: "Enter an email address such as alice@example.com." }).max(254, "That email is too long."));

/** A password to be set. One that is only checked may be older than these rules. */
export const passwordField = z
  .string({ error: "Enter a password." })
  .min(8, "Use at least 8 characters for the password.")
  .max(200, "Use at most 200 characters for the password.");

/** The value, or the field's own sentence as an `AppError`. */
export function checked<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new AppError("invalid", parsed.error.issues[0]?.message ?? "Check what you entered.");
}
