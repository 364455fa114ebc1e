import pino, { type Logger } from "pino";
import { env } from "#env.ts";

const shared = globalThis as typeof globalThis & { switchboardLog?: Logger };

export function log(): Logger {
  shared.switchboardLog ??= pino({ level: env.LOG_LEVEL, base: null, timestamp: pino.stdTimeFunctions.isoTime });
  return shared.switchboardLog;
}
