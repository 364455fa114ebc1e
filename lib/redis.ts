import { Redis } from "ioredis";
import { env } from "#env.ts";
import { log } from "./log.ts";

export interface Connections {
  commands: Redis;
  subscriber: Redis;
}

const shared = globalThis as typeof globalThis & { switchboardRedis?: Connections };

/**
 * The connections of this process to Redis, one for commands and one that listens; null where there is
 * none. Nothing else asks whether other processes serve the same installation.
 */
export function redis(): Connections | null {
  if (!env.REDIS_URL) return null;
  shared.switchboardRedis ??= {
    commands: commandConnection(env.REDIS_URL),
    subscriber: quietly(new Redis(env.REDIS_URL, { maxRetriesPerRequest: null })),
  };
  return shared.switchboardRedis;
}

/** A connection whose commands fail within seconds when the server is not there. */
export function commandConnection(url: string): Redis {
  return quietly(new Redis(url, { maxRetriesPerRequest: 1, connectTimeout: 1500, commandTimeout: 1500 }));
}

/** Each command reports its own failure; this keeps ioredis from printing every attempt to reconnect. */
function quietly(connection: Redis): Redis {
  return connection.on("error", (error) => log().debug({ err: error }, "Redis is unreachable"));
}
