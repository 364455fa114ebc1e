import type { Owned, Run } from "#lib/access.ts";
import { agentIdOf } from "#lib/agents/answering.ts";
import { history } from "#lib/history.ts";
import { findBranch, lineage, slice } from "#lib/sessions/segments.ts";
import type { ThreadMessage } from "#lib/thread.ts";
import { eventLog } from "./events/choose.ts";
import { frame, lastFrame } from "./events/log.ts";
import { project } from "./project.ts";
import type { Chunk } from "./translate.ts";

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

/** The frames of a run that has ended: as they were logged, or drawn from its items once the log is gone. */
async function storedFrames(run: Owned<Run>, after: number): Promise<string | undefined> {
  const logged = await eventLog().read(run.id);
  if (logged.length > 0 && logged.at(-1)?.type !== "finish") return undefined;
  const chunks = logged.length > 0 ? logged : chunksOf(await messageOf(run), run);
  return chunks
    .map((chunk, index) => frame(index + 1, JSON.stringify(chunk)))
    .slice(after)
    .join("");
}

async function messageOf(run: Owned<Run>): Promise<ThreadMessage | undefined> {
  const state = await history().load(run.conversationId);
  if (!state?.branches.some((branch) => branch.id === run.branchId)) return undefined;
  const ranges = slice(lineage(state, run.branchId), run.position, findBranch(state, run.branchId).length);
  const items = await history().read(run.conversationId, ranges);
  return project(
    items.filter((item) => item.run === run.id),
    [run],
    agentIdOf,
  ).at(-1);
}

/** A message as the chunks that would have drawn it. */
export function chunksOf(message: ThreadMessage | undefined, run: Pick<Run, "id" | "error" | "status">): Chunk[] {
  const metadata = message?.metadata;
  const body = (message?.parts ?? []).flatMap((part, index): Chunk[] => {
    const id = `${part.type}-${index}`;
    if (part.type === "text") return whole("text", id, part.text);
    if (part.type === "reasoning") return whole("reasoning", id, part.text);
    if (part.type === "data-handoff") return [{ type: "data-handoff", id: part.id, data: part.data }];
    if (part.type !== "dynamic-tool") return [];
    const { toolCallId, toolName, input } = part;
    const asked: Chunk = { type: "tool-input-available", toolCallId, toolName, input, dynamic: true };
    if (part.state === "output-available") {
      return [asked, { type: "tool-output-available", toolCallId, output: part.output, dynamic: true }];
    }
    if (part.state === "output-error") {
      return [asked, { type: "tool-output-error", toolCallId, errorText: part.errorText, dynamic: true }];
    }
    return [asked];
  });
  return [
    { type: "start", messageId: run.id, messageMetadata: metadata },
    ...body,
    ...(run.error ? [{ type: "error" as const, errorText: run.error.message }] : []),
    ...(run.status === "stopped" || run.status === "interrupted" ? [{ type: "abort" as const }] : []),
    { type: "finish", messageMetadata: metadata },
  ];
}

function whole(kind: "text" | "reasoning", id: string, delta: string): Chunk[] {
  return [
    { type: `${kind}-start`, id },
    { type: `${kind}-delta`, id, delta },
    { type: `${kind}-end`, id },
  ];
}
