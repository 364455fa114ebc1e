import { Redis } from "ioredis";
import { env } from "#env.ts";
import { log } from "./log.ts";

interface Connections {
  commands: Redis;
  subscriber: Redis;
}

const shared = globalThis as typeof globalThis & { switchboardRedis?: Connections };

/** The connections of this process to Redis: one for commands, one that listens. Only where REDIS_URL is set. */
export function redis(): Connections {
  shared.switchboardRedis ??= connect();
  return shared.switchboardRedis;
}

function connect(): Connections {
  if (!env.REDIS_URL) throw new Error("REDIS_URL is not set.");
  return {
    commands: commandConnection(env.REDIS_URL),
    subscriber: quietly(new Redis(env.REDIS_URL, { maxRetriesPerRequest: null })),
  };
}

/** A connection whose commands fail within seconds when the server is not there. */
export function commandConnection(url: string): Redis {
  return quietly(new Redis(url, { maxRetriesPerRequest: 1, connectTimeout: 1500, commandTimeout: 1500 }));
}

/** Each command reports its own failure; this keeps ioredis from printing every attempt to reconnect. */
function quietly(connection: Redis): Redis {
  return connection.on("error", (error) => log().debug({ err: error }, "Redis is unreachable"));
}
