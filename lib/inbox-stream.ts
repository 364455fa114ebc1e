import type { User } from "./access.ts";
import { type ConversationRow, listByIds } from "./conversation-rows.ts";
import { listen } from "./inbox.ts";
import type { Viewer } from "./live-response.ts";
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

/** Shows the person's news as server-sent events. */
export async function watchInbox(user: User, viewer: Viewer): Promise<void> {
  const waiting = new Set<string>();
  let soon: NodeJS.Timeout | undefined;
  const tell = async () => {
    soon = undefined;
    const ids = [...waiting];
    waiting.clear();
    for (const each of await newsOf(user, ids)) viewer.write(`data: ${JSON.stringify(each)}\n\n`);
  };
  const hear = (id: string) => {
    waiting.add(id);
    soon ??= setTimeout(() => {
      tell().catch((error: unknown) => log().error({ err: error }, "news could not be read"));
    }, gather);
  };
  const close = () => viewer.end();
  // Who connects anew looks for themselves at what has changed.
  const unlisten = listen(user.id, hear, close);
  const timer = setInterval(() => viewer.write(": still here\n\n"), heartbeatEvery);
  const renewal = setTimeout(close, connectionLife);
  viewer.onLeave(() => {
    unlisten();
    clearInterval(timer);
    clearTimeout(renewal);
    clearTimeout(soon);
  });
  viewer.write("event: ready\ndata: {}\n\n");
}

async function newsOf(user: User, ids: string[]): Promise<InboxNews[]> {
  const [rows, runs, newest, queue] = await Promise.all([
    listByIds(user, ids),
    liveRunsOf(user, ids),
    newestRunsOf(user, ids),
    listQueuedOf(user, ids),
  ]);
  return ids.map((id) => ({
    id,
    row: rows.find((each) => each.id === id) ?? null,
    runs: runs.filter((run) => run.conversation === id).map(({ id: run, branch }) => ({ id: run, branch })),
    newest: newest.get(id) ?? null,
    queue: queue
      .filter(({ conversation }) => conversation === id)
      .map(({ branch, message }) => ({ ...message, branch })),
  }));
}
