import type { ThreadChunk } from "./chunk.ts";

/** Follows a run's events over any number of connections, until the run says that it is done. */

interface FollowOptions {
  signal?: AbortSignal;
  /** Told when the connection is lost and when it is back. */
  onLost?: (lost: boolean) => void;
  request?: typeof fetch;
  wait?: (attempt: number, signal?: AbortSignal) => Promise<void>;
}

/** The server answered, and there is nothing to follow. */
export class NothingToFollow extends Error {
  override name = "NothingToFollow";
}

/** A connection on which nothing has come for so long is taken for dead: the server sends a sign of life well before. */
const silence = 45_000;

const refusals: Record<number, string> = {
  401: "You are signed out. Sign in and open this conversation again.",
  403: "You are signed out. Sign in and open this conversation again.",
  404: "This answer is no longer there. Reload the page to see what is.",
};

export async function* followRun(
  run: string,
  { signal, onLost, request = fetch, wait = backOff }: FollowOptions = {},
): AsyncGenerator<ThreadChunk, void, void> {
  let last = 0;
  let attempt = 0;
  while (!signal?.aborted) {
    const connection = new AbortController();
    const giveUp = () => connection.abort();
    signal?.addEventListener("abort", giveUp);
    try {
      const response = await request(`/api/runs/${run}/events`, {
        headers: last > 0 ? { "last-event-id": String(last) } : {},
        signal: connection.signal,
        cache: "no-store",
      });
      const refusal = refusals[response.status];
      if (refusal) throw new NothingToFollow(refusal);
      if (response.ok && response.body) {
        if (attempt > 0) onLost?.(false);
        for await (const event of serverSentEvents(response.body, giveUp)) {
          attempt = 0;
          if (event.data === "[DONE]") return;
          if (event.id <= last) continue;
          last = event.id;
          yield JSON.parse(event.data) as ThreadChunk;
        }
      }
    } catch (error) {
      if (error instanceof NothingToFollow) throw error;
    } finally {
      signal?.removeEventListener("abort", giveUp);
      connection.abort();
    }
    if (signal?.aborted) return;
    attempt += 1;
    if (attempt > 1) onLost?.(true);
    await wait(attempt, signal);
  }
}

/** Waits longer after each failure, and not at all once the network is back. */
function backOff(attempt: number, signal?: AbortSignal): Promise<void> {
  const time = Math.min(250 * 2 ** (attempt - 1), 8_000) * (0.75 + Math.random() / 2);
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener("online", done);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, time);
    addEventListener("online", done);
    signal?.addEventListener("abort", done);
  });
}

interface ServerSentEvent {
  id: number;
  data: string;
}

async function* serverSentEvents(
  body: ReadableStream<Uint8Array>,
  onSilence: () => void,
): AsyncGenerator<ServerSentEvent, void, void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const timer = setTimeout(onSilence, silence);
      const { done, value } = await reader.read().finally(() => clearTimeout(timer));
      if (done) return;
      const blocks = (rest + decoder.decode(value, { stream: true })).split(/\r?\n\r?\n/);
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        const event = parseBlock(block);
        if (event) yield event;
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

function parseBlock(block: string): ServerSentEvent | null {
  let id = 0;
  const data: string[] = [];
  for (const line of block.split(/\r?\n/)) {
    if (line.startsWith("id:")) id = Number(line.slice(3).trim());
    else if (line.startsWith("data:")) data.push(line.slice(5).replace(/^ /, ""));
  }
  return data.length > 0 ? { id, data: data.join("\n") } : null;
}
