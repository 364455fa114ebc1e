import { client } from "#db/client.ts";
import { LibsqlEventLog } from "./libsql.ts";
import type { EventLog } from "./log.ts";

const shared = globalThis as typeof globalThis & { switchboardEvents?: EventLog };

/** The event log of this instance. */
export function eventLog(): EventLog {
  shared.switchboardEvents ??= new LibsqlEventLog(client());
  return shared.switchboardEvents;
}
