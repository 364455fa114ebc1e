import { log } from "#lib/log.ts";
import { type Connections, redis } from "#lib/redis.ts";

/** The word that a run is to end, to whichever process executes it. Without Redis it is read at the next heartbeat. */

const channel = "switchboard:stop";

/** Never throws: what has to be heard stands in the database as well. */
export async function sayStop(run: string, on: Connections | null = redis()): Promise<void> {
  await on?.commands.publish(channel, run).catch((error: unknown) => {
    log().warn({ err: error, run }, "Redis did not carry a stop; it is heard at the next heartbeat");
  });
}

/** Calls `stop` with each run that somebody asks to end. Returns how to leave. */
export function hearStops(stop: (run: string) => void, on: Connections | null = redis()): () => void {
  if (!on) return () => {};
  const { subscriber } = on;
  const hear = (from: string, run: string) => {
    if (from === channel) stop(run);
  };
  subscriber.on("message", hear);
  subscriber.subscribe(channel).catch((error: unknown) => {
    log().warn({ err: error }, "Redis did not take a subscription; stops are heard at heartbeats");
  });
  return () => {
    subscriber.off("message", hear);
    subscriber.unsubscribe(channel).catch((error: unknown) => {
      log().warn({ err: error, channel }, "Redis did not end a subscription");
    });
  };
}
