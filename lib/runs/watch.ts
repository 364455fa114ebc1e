import { type Owned, ownRun, type Run } from "#lib/access.ts";
import type { Viewer } from "#lib/live-response.ts";
import { log } from "#lib/log.ts";
import { isWaitingChunk } from "./draw.ts";
import { eventLog } from "./events/choose.ts";
import { frame, lastFrame } from "./events/logged.ts";
import type { WatchEnd } from "./events/watcher.ts";
import type { Chunk } from "./translate.ts";
import { drawnChunks } from "./written.ts";

const heartbeat = ": still here\n\n";
const heartbeatEvery = 15_000;
/** A connection is renewed after this long, in milliseconds; the browser asks for what comes next. */
const connectionLife = 10 * 60_000;

/** Shows a run from event `after` on, for however many times it is asked. */
export async function watchRun(run: Owned<Run>, after: number, viewer: Viewer): Promise<void> {
  const stored = run.status === "running" ? undefined : await storedFrames(run, after);
  if (viewer.hasLeft) return;
  if (stored !== undefined) return viewer.end(stored + lastFrame);
  // Who comes back is told at once that the connection stands, also while nothing is being written.
  if (after > 0) viewer.write(heartbeat);
  const timer = setInterval(() => viewer.write(heartbeat), heartbeatEvery);
  const renewal = setTimeout(() => viewer.end(), connectionLife);
  const finish = async (ending: WatchEnd) => {
    const rest = await lastFrames(run, after, ending).catch((error: unknown) => {
      log().warn({ err: error, run: run.id }, "the rest of a run could not be read; who watches asks again");
    });
    viewer.end(rest === undefined ? "" : rest + lastFrame);
  };
  const unwatch = eventLog().watch(run.id, after, {
    frames: (text) => viewer.write(text),
    end: (ending) => {
      const isSure = ending.whole && after === 0 && ending.began === undefined;
      if (isSure) viewer.end(lastFrame);
      else void finish(ending);
    },
  });
  viewer.onLeave(() => {
    clearInterval(timer);
    clearTimeout(renewal);
    unwatch();
  });
}

/** The frames of a run that is at rest: as they were logged, or drawn from its items once the log is gone. */
async function storedFrames(run: Owned<Run>, after: number): Promise<string | undefined> {
  const logged = await eventLog().read(run.id);
  const last = logged.at(-1);
  if (!last) return drawnFrames(run, after);
  if (last.type !== "finish" && !(run.status === "waiting" && isWaitingChunk(last))) return undefined;
  if (hasSeenOther(logged, after) || (after === 0 && wasBegunAnew(logged))) return drawnFrames(run, after);
  return logged
    .map((chunk, index) => frame(index + 1, JSON.stringify(chunk)))
    .slice(after)
    .join("");
}

/** What a viewer who came with event `after` still has to see at the end; undefined while more is written. */
async function lastFrames(run: Owned<Run>, after: number, ending: WatchEnd) {
  if (ending.whole && isAsLogged(ending, await eventLog().read(run.id), after)) return "";
  const now = await ownRun({ id: run.userId }, run.id);
  return now.status === "running" ? undefined : drawnFrames(now, Math.max(after, ending.last));
}

const lastStart = (logged: readonly Chunk[]): number => logged.findLastIndex(({ type }) => type === "start");

/** Whether the process died and the one that ended the run drew it anew, behind the events that were stored. */
const wasBegunAnew = (logged: readonly Chunk[]): boolean => lastStart(logged) > 0;

/** Whether a viewer has seen events that died with their process: these numbers name others now. */
const hasSeenOther = (logged: readonly Chunk[], after: number): boolean =>
  after > logged.length || (wasBegunAnew(logged) && after > lastStart(logged));

/** Whether what a viewer was shown is what stands in the log: two processes may have written it, of which one had lost the run. */
function isAsLogged({ last, began }: WatchEnd, logged: readonly Chunk[], after: number): boolean {
  if (last !== logged.length || hasSeenOther(logged, after)) return false;
  return began === undefined || !wasBegunAnew(logged) || began === lastStart(logged) + 1;
}

/** The message begins anew after event number `after`: what was seen of it so far counts no more. */
async function drawnFrames(run: Owned<Run>, after: number): Promise<string> {
  const chunks = await drawnChunks(run);
  return chunks.map((chunk, index) => frame(after + index + 1, JSON.stringify(chunk))).join("");
}
