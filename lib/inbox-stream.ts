import type { User } from "./access.ts";
import { type ConversationRow, listByIds } from "./conversation-rows.ts";
import { listen } from "./inbox.ts";
import { log } from "./log.ts";
import { liveRunsOf, newestRunsOf } from "./runs/live-runs.ts";
import { listQueuedOf } from "./runs/queued.ts";
import type { WaitingMessage } from "./thread.ts";

/** One conversation as it is now; `row` is null when it is gone. */
export interface InboxNews {
  id: string;
  row: ConversationRow | null;
  /** The runs that are live in it, to be watched by tabs that show it. */
  runs: { id: string; branch: string }[];
  /** The run that was the last to begin. */
  newest: string | null;
  /** What waits on its branches, the next one of each first. */
  queue: (WaitingMessage & { branch: string })[];
}

const heartbeatEvery = 15_000;
const connectionLife = 10 * 60_000;
/** Several words about one conversation within this many milliseconds are one piece of news. */
const gather = 30;

/** The person's news as a stream of server-sent events. */
export function watchInbox(user: User, gone: AbortSignal): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let leave = () => {};
  return new ReadableStream({
    start(controller) {
      const write = (text: string) => controller.enqueue(encoder.encode(text));
      const waiting = new Set<string>();
      let soon: NodeJS.Timeout | undefined;
      const tell = async () => {
        soon = undefined;
        const ids = [...waiting];
        waiting.clear();
        const [rows, runs, newest, queue] = await Promise.all([
          listByIds(user, ids),
          liveRunsOf(user, ids),
          newestRunsOf(user, ids),
          listQueuedOf(user, ids),
        ]);
        const news = ids.map((id): InboxNews => {
          const row = rows.find((each) => each.id === id) ?? null;
          return {
            id,
            row,
            runs: runs.filter((run) => run.conversation === id).map(({ id: run, branch }) => ({ id: run, branch })),
            newest: newest.get(id) ?? null,
            queue: queue
              .filter(({ conversation }) => conversation === id)
              .map(({ branch, message }) => ({ ...message, branch })),
          };
        });
        if (open) for (const each of news) write(`data: ${JSON.stringify(each)}\n\n`);
      };
      const hear = (id: string) => {
        waiting.add(id);
        soon ??= setTimeout(() => {
          tell().catch((error: unknown) => log().error({ err: error }, "news could not be read"));
        }, gather);
      };
      let open = true;
      const close = () => {
        leave();
        controller.close();
      };
      // Who connects anew looks for themselves at what has changed.
      const unlisten = listen(user.id, hear, close);
      const timer = setInterval(() => write(": still here\n\n"), heartbeatEvery);
      const renewal = setTimeout(close, connectionLife);
      gone.addEventListener("abort", close, { once: true });
      leave = () => {
        open = false;
        unlisten();
        clearInterval(timer);
        clearTimeout(renewal);
        clearTimeout(soon);
        gone.removeEventListener("abort", close);
      };
      if (gone.aborted) return close();
      write("event: ready\ndata: {}\n\n");
    },
    cancel: () => leave(),
  });
}
