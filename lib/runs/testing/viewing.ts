import type { Owned, Run } from "#lib/access.ts";
import { Viewer } from "#lib/live-response.ts";
import { watchRun } from "../watch.ts";

/** What a viewer is shown, as a stream. Who cancels it, or aborts `gone`, has left. */
export function shown(show: (viewer: Viewer) => Promise<void>, gone?: AbortSignal): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let leave = () => {};
  return new ReadableStream({
    start(controller) {
      const viewer = new Viewer({
        write: (text) => controller.enqueue(encoder.encode(text)),
        end: () => controller.close(),
      });
      leave = () => viewer.leave();
      const hangUp = () => viewer.end();
      gone?.addEventListener("abort", hangUp, { once: true });
      viewer.onLeave(() => gone?.removeEventListener("abort", hangUp));
      if (gone?.aborted) return hangUp();
      show(viewer).catch((error: unknown) => {
        if (!viewer.hasLeft) controller.error(error);
        leave();
      });
    },
    cancel: () => leave(),
  });
}

/** The run from event `after` on, as a viewer sees it. */
export const watched = (run: Owned<Run>, after = 0, gone?: AbortSignal): ReadableStream<Uint8Array> =>
  shown((viewer) => watchRun(run, after, viewer), gone);

/** Resolves when the run has shown its first words. */
export async function firstWords(run: Owned<Run>): Promise<void> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const bytes of watched(run)) {
    text += decoder.decode(bytes, { stream: true });
    if (text.includes('"text-delta"')) return;
  }
  throw new Error("the run ended without a word");
}
