import { and, eq, inArray } from "drizzle-orm";
import { urgentDatabase } from "#db/client.ts";
import { databaseNow } from "#db/now.ts";
import { runs } from "#db/schema.ts";
import { log } from "#lib/log.ts";

/** The runs that this process executes, and how to end one. */

interface Live {
  controls: Map<string, AbortController>;
  timer: NodeJS.Timeout | undefined;
}

const shared = globalThis as typeof globalThis & { switchboardLive?: Live };

function live(): Live {
  shared.switchboardLive ??= { controls: new Map(), timer: undefined };
  return shared.switchboardLive;
}

/** How often a living process says so, in milliseconds. */
export const heartbeatInterval = 3000;
/** A run whose heartbeat is older than this has lost its process. */
export const staleAfter = 10_000;

export const stopReason = "stopped";
export const lostReason = "lost";

/** Registers a run as executed here; its signal fires when somebody stops it. */
export function begin(run: string): AbortSignal {
  const { controls } = live();
  const control = new AbortController();
  controls.set(run, control);
  live().timer ??= setInterval(() => void beat(), heartbeatInterval);
  return control.signal;
}

/** Forgets a run that is not executed here any more; one that has gone on meanwhile, with another signal, stays. */
export function end(run: string, signal: AbortSignal): void {
  const { controls } = live();
  if (controls.get(run)?.signal === signal) controls.delete(run);
  if (controls.size > 0) return;
  clearInterval(live().timer);
  live().timer = undefined;
}

/** Ends a run that is executed here; false when it is not. */
export function abort(run: string, reason: string = stopReason): boolean {
  const control = live().controls.get(run);
  control?.abort(reason);
  return control !== undefined;
}

export const liveRuns = (): string[] => [...live().controls.keys()];

/** Says that these runs live, and learns what other processes want of them. */
export async function beat(): Promise<void> {
  const ids = liveRuns();
  if (ids.length === 0) return;
  try {
    const rows = await urgentDatabase()
      .update(runs)
      .set({ heartbeatAt: databaseNow })
      .where(and(inArray(runs.id, ids), eq(runs.status, "running")))
      .returning({ id: runs.id, stopRequestedAt: runs.stopRequestedAt });
    for (const { id, stopRequestedAt } of rows) if (stopRequestedAt !== null) abort(id);
  } catch (error) {
    log().error({ err: error }, "the heartbeat of the live runs could not be written");
  }
}
