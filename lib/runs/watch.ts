import type { Owned, Run } from "#lib/access.ts";
import { history } from "#lib/history.ts";
import { chunksOf, isWaitingChunk } from "./draw.ts";
import { eventLog } from "./events/choose.ts";
import { frame, lastFrame } from "./events/log.ts";
import type { Chunk } from "./translate.ts";
import { messageOf, writtenBy } from "./written.ts";

const heartbeat = ": still here\n\n";
const heartbeatEvery = 15_000;
/** A connection is renewed after this long, in milliseconds; the browser asks for what comes next. */
const connectionLife = 10 * 60_000;

/** The stream of a run from event `after` on, for however many times it is asked. */
export function watchRun(run: Owned<Run>, after: number, gone: AbortSignal): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let leave = () => {};
  return new ReadableStream({
    async start(controller) {
      const stored = run.status === "running" ? undefined : await storedFrames(run, after);
      if (stored !== undefined) {
        controller.enqueue(encoder.encode(stored + lastFrame));
        controller.close();
        return;
      }
      const write = (text: string) => controller.enqueue(encoder.encode(text));
      const close = (last = "") => {
        leave();
        if (last) write(last);
        controller.close();
      };
      const timer = setInterval(() => write(heartbeat), heartbeatEvery);
      const renewal = setTimeout(close, connectionLife);
      const hangUp = () => close();
      gone.addEventListener("abort", hangUp, { once: true });
      const unwatch = eventLog().watch(run.id, after, { frames: write, end: () => close(lastFrame) });
      leave = () => {
        clearInterval(timer);
        clearTimeout(renewal);
        gone.removeEventListener("abort", hangUp);
        unwatch();
      };
    },
    cancel: () => leave(),
  });
}

/** The frames of a run that is at rest: as they were logged, or drawn from its items once the log is gone. */
async function storedFrames(run: Owned<Run>, after: number): Promise<string | undefined> {
  const logged = await eventLog().read(run.id);
  const last = logged.at(-1);
  if (last && last.type !== "finish" && !(run.status === "waiting" && isWaitingChunk(last))) return undefined;
  const chunks = last ? logged : await drawnChunks(run);
  return chunks
    .map((chunk, index) => frame(index + 1, JSON.stringify(chunk)))
    .slice(after)
    .join("");
}

async function drawnChunks(run: Owned<Run>): Promise<Chunk[]> {
  const state = await history().load(run.conversationId);
  return chunksOf(state && messageOf(run, await writtenBy(run, state)), run);
}
