import type { Turn } from "./turns.ts";

/** Follows a stream of the server over any number of connections, until it says that it is done. */

export interface ServerSentEvent {
  /** Counts from 1; 0 where the stream does not count. */
  id: number;
  name: string;
  data: string;
}

interface FollowOptions {
  signal?: AbortSignal;
  /** Told when the connection is lost and when it is back. */
  onLost?: (lost: boolean) => void;
  /** Waits until there is room for one more connection. */
  turn?: (signal: AbortSignal | undefined, first: boolean) => Promise<Turn>;
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

/** Yields what has come, each event once; several together where the network brought them together. */
export async function* follow(
  address: string,
  { signal, onLost, turn = always, request = (...sent) => fetch(...sent), wait = backOff }: FollowOptions = {},
): AsyncGenerator<ServerSentEvent[], void, void> {
  let last = 0;
  let attempt = 0;
  let first = true;
  while (!signal?.aborted) {
    const mine = await turn(signal, first);
    first = false;
    const connection = new AbortController();
    const giveUp = () => connection.abort();
    const watchdog = new Watchdog(giveUp);
    signal?.addEventListener("abort", giveUp);
    mine.over.addEventListener("abort", giveUp);
    try {
      if (signal?.aborted) return;
      if (mine.over.aborted) continue;
      const response = await request(address, {
        headers: last > 0 ? { "last-event-id": String(last) } : {},
        signal: connection.signal,
        cache: "no-store",
      });
      const refusal = refusals[response.status];
      if (refusal) throw new NothingToFollow(refusal);
      if (response.ok && response.body) {
        mine.opened();
        if (attempt > 0) onLost?.(false);
        for await (const events of serverSentEvents(response.body, watchdog)) {
          attempt = 0;
          const done = events.some(({ data }) => data === "[DONE]");
          const fresh = events.filter(({ id, data }) => data !== "[DONE]" && (id === 0 || id > last));
          last = Math.max(last, ...fresh.map(({ id }) => id));
          if (fresh.length > 0) yield fresh;
          if (done) return;
        }
      }
    } catch (error) {
      if (error instanceof NothingToFollow) throw error;
    } finally {
      signal?.removeEventListener("abort", giveUp);
      watchdog.end();
      connection.abort();
      mine.end();
    }
    if (signal?.aborted) return;
    if (mine.over.aborted) continue;
    attempt += 1;
    if (attempt > 1) onLost?.(true);
    await wait(attempt, signal);
  }
}

const never = new AbortController().signal;
const always = async (): Promise<Turn> => ({ over: never, opened: () => {}, end: () => {} });

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

/** Ends a connection on which nothing comes, also before its first word. */
class Watchdog {
  readonly #bite: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(bite: () => void) {
    this.#bite = bite;
    this.hear();
  }

  hear(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#bite, silence);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

async function* serverSentEvents(
  body: ReadableStream<Uint8Array>,
  watchdog: Watchdog,
): AsyncGenerator<ServerSentEvent[], void, void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      watchdog.hear();
      if (done) return;
      const blocks = (rest + decoder.decode(value, { stream: true })).split(/\r?\n\r?\n/);
      rest = blocks.pop() ?? "";
      const events = blocks.flatMap((block) => parseBlock(block) ?? []);
      if (events.length > 0) yield events;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

function parseBlock(block: string): ServerSentEvent | null {
  let id = 0;
  let name = "message";
  const data: string[] = [];
  for (const line of block.split(/\r?\n/)) {
    if (line.startsWith("id:")) id = Number(line.slice(3).trim());
    else if (line.startsWith("event:")) name = line.slice(6).trim();
    else if (line.startsWith("data:")) data.push(line.slice(5).replace(/^ /, ""));
  }
  return data.length > 0 ? { id, name, data: data.join("\n") } : null;
}
