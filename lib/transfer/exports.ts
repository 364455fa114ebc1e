import type { User } from "#lib/access.ts";
import { outsideRequests } from "#lib/outside.ts";

/** Exports of many conversations as they go out of this process: how far each is, and the way to stop it. */

export interface ShownExport {
  id: string;
  /** What the file is called. */
  name: string;
  phase: "running" | "done" | "stopped";
  /** Conversations that are in the file, of how many. */
  written: number;
  total: number;
  bytes: number;
}

interface Followed {
  shown: ShownExport;
  stop: () => void;
}

// Actions and route handlers live in separate bundles of one process: they share through globalThis.
const shared = globalThis as typeof globalThis & { switchboardExports?: Map<string, Map<string, Followed>> };

function ofEverybody(): Map<string, Map<string, Followed>> {
  shared.switchboardExports ??= new Map();
  return shared.switchboardExports;
}

/** How long it is told that an export has ended. */
const remembered = 60_000;

/** The same bytes, followed under an id that the person's browser made. */
export function followExport(
  user: User,
  shown: ShownExport,
  body: ReadableStream<Uint8Array>,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  const end = (phase: "done" | "stopped") => {
    if (shown.phase === "running") forgetLater(user, shown.id);
    shown.phase = shown.phase === "running" ? phase : shown.phase;
  };
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const stop = () => {
          if (shown.phase !== "running") return;
          end("stopped");
          controller.error(new Error("The export was stopped."));
          void reader.cancel();
        };
        const own = ofEverybody().get(user.id) ?? new Map<string, Followed>();
        ofEverybody().set(user.id, own.set(shown.id, { shown, stop }));
      },
      async pull(controller) {
        const { done, value } = await reader.read().catch((error) => {
          end("stopped");
          throw error;
        });
        if (shown.phase !== "running") return;
        if (done) {
          end("done");
          controller.close();
        } else {
          shown.bytes += value.length;
          controller.enqueue(value);
        }
      },
      async cancel() {
        end("stopped");
        await reader.cancel();
      },
    },
    { highWaterMark: 0 },
  );
}

function forgetLater(user: User, id: string): void {
  const forget = () => {
    const own = ofEverybody().get(user.id);
    own?.delete(id);
    if (own?.size === 0) ofEverybody().delete(user.id);
  };
  outsideRequests(() => setTimeout(forget, remembered)).unref();
}

/** The person's exports that are under way here, and those that ended a moment ago. */
export function listExports(user: User): ShownExport[] {
  return [...(ofEverybody().get(user.id)?.values() ?? [])].map(({ shown }) => ({ ...shown }));
}

/** Ends an export in the middle: the browser then knows that its file is not whole. */
export function stopExport(user: User, id: string): void {
  ofEverybody().get(user.id)?.get(id)?.stop();
}
