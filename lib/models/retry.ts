import { APIError } from "openai";
import type { Connection } from "./connection.ts";
import { explainModelError } from "./explain.ts";

/** Somebody is waiting: longer than this (ms), and a clear sentence is better than silence. */
const longest = 2000;

/**
 * How long to wait (ms) before a request that failed ahead of its first word deserves one more try; undefined where
 * it does not.
 */
export function retryDelay(error: unknown, connection: Connection): number | undefined {
  const { code } = explainModelError(error, connection);
  // A kept connection that the server has closed meanwhile.
  if (code === "cut_off") return 50;
  if (code !== "server_error" && code !== "rate_limited") return undefined;
  const asked = error instanceof APIError ? error.headers?.get("retry-after") : undefined;
  const delay = asked ? Number(asked) * 1000 : 400;
  return delay >= 0 && delay <= longest ? delay : undefined;
}
