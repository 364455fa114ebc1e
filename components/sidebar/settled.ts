import type { Outcome } from "#lib/guard.ts";

/** An action's outcome, also when the server could not be reached at all. */
export async function settled<Value>(asked: Promise<Outcome<Value>>): Promise<Outcome<Value>> {
  try {
    return await asked;
  } catch {
    return {
      ok: false,
      error: { code: "unavailable", message: "The server could not be reached. Check the connection, then try again." },
    };
  }
}
