import { client } from "#db/client.ts";
import { redis } from "#lib/redis.ts";
import { LibsqlEventStore } from "./libsql.ts";
import { EventLog } from "./log.ts";
import { RedisEventStore } from "./redis.ts";
import type { EventStore } from "./store.ts";

const shared = globalThis as typeof globalThis & { switchboardEvents?: EventLog };

/** The event log of this process. With Redis the events go through it, else through the database. */
export function eventLog(): EventLog {
  shared.switchboardEvents ??= new EventLog(chooseStore());
  return shared.switchboardEvents;
}

function chooseStore(): EventStore {
  const inDatabase = new LibsqlEventStore(client());
  const line = redis();
  return line ? new RedisEventStore({ ...line, isEnded: (run) => inDatabase.isOver(run) }) : inDatabase;
}
