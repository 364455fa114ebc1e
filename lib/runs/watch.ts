import { type Owned, ownRun, type Run } from "#lib/access.ts";
import { history } from "#lib/history.ts";
import { log } from "#lib/log.ts";
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
      let open = true;
      const timer = setInterval(() => write(heartbeat), heartbeatEvery);
      const renewal = setTimeout(close, connectionLife);
      const hangUp = () => close();
      gone.addEventListener("abort", hangUp, { once: true });
      const finish = async (last: number) => {
        const rest = await lastFrames(run, last).catch((error: unknown) => {
          log().warn({ err: error, run: run.id }, "the rest of a run could not be read; who watches asks again");
        });
        if (open) close(rest === undefined ? "" : rest + lastFrame);
      };
      const unwatch = eventLog().watch(run.id, after, {
        frames: write,
        end: ({ last, whole }) => (whole ? close(lastFrame) : void finish(last)),
      });
      leave = () => {
        open = false;
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
  if (!last) return drawnFrames(run, after);
  if (last.type !== "finish" && !(run.status === "waiting" && isWaitingChunk(last))) return undefined;
  if (after > logged.length) return drawnFrames(run, after);
  return logged
    .map((chunk, index) => frame(index + 1, JSON.stringify(chunk)))
    .slice(after)
    .join("");
}

/** The rest of a run whose events were lost; undefined while it is not at rest. */
async function lastFrames(run: Owned<Run>, after: number): Promise<string | undefined> {
  const now = await ownRun({ id: run.userId }, run.id);
  return now.status === "running" ? undefined : drawnFrames(now, after);
}

/** The message begins anew after event number `after`: what was seen of it so far counts no more. */
async function drawnFrames(run: Owned<Run>, after: number): Promise<string> {
  const chunks = await drawnChunks(run);
  return chunks.map((chunk, index) => frame(after + index + 1, JSON.stringify(chunk))).join("");
}

async function drawnChunks(run: Owned<Run>): Promise<Chunk[]> {
  const state = await history().load(run.conversationId);
  return chunksOf(state && messageOf(run, await writtenBy(run, state)), run);
}
