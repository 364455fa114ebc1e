import type { ThreadChunk } from "#components/chat/chunk.ts";
import type { Following, Hearing, Wire } from "./tab.ts";

/** The way to the streams comes after the page: nothing is followed before it works. */

const pause = 2_000;

async function wireOf(person: string): Promise<Wire> {
  for (;;) {
    try {
      return (await import("./tab.ts")).wireOf(person);
    } catch {
      // The server cannot be reached; nothing could be followed either.
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/** Follows the person's news. Answers how to stop it. */
export function listen(person: string, hearing: Hearing): () => void {
  let left = false;
  let stop = () => {};
  void wireOf(person).then((wire) => {
    if (!left) stop = wire.listen(hearing);
  });
  return () => {
    left = true;
    stop();
  };
}

/** Follows a run from its first event. */
export async function* followRun(
  person: string,
  run: string,
  following: Following,
): AsyncGenerator<ThreadChunk, void, void> {
  yield* (await wireOf(person)).follow(run, following);
}
