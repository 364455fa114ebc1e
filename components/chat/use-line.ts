import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { announceConversation, lastNewsOf, watchInbox, watchReturn } from "#components/sidebar/events.ts";
import { followRun } from "#components/wire/wire.ts";
import { editQueued, queueMessage, removeQueued, sendQueued } from "#lib/actions/queue.ts";
import { decide, send, tryAgain } from "#lib/actions/runs.ts";
import type { InboxNews } from "#lib/inbox-stream.ts";
import type { Thread, ThreadWindow } from "#lib/thread.ts";
import { Line } from "./line.ts";
import type { At, Calls, LineState } from "./line-state.ts";
import { refreshWhenReached } from "./refresh.ts";

/** Server actions of a browser queue behind each other, so a stop is a request of its own. */
async function stop(run: string): Promise<boolean> {
  const response = await fetch(`/api/runs/${run}/stop`, { method: "POST" });
  return response.ok;
}

async function fetchWindow(
  { conversation, branch }: { conversation: string; branch: string },
  at: At,
): Promise<ThreadWindow> {
  const wanted = new URLSearchParams({ branch });
  for (const [key, position] of Object.entries(at)) wanted.set(key, String(position));
  const response = await fetch(`/api/conversations/${conversation}/messages?${wanted}`);
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  return response.json();
}

const callsOf = (person: string): Calls => ({
  send,
  tryAgain,
  stop,
  decide,
  queue: queueMessage,
  editQueued,
  unqueue: removeQueued,
  sendQueued: async (place) => {
    const outcome = await sendQueued(place);
    return outcome.ok ? { ok: true, value: undefined } : outcome;
  },
  follow: (run, following) => followRun(person, run, following),
  fetch: fetchWindow,
});

/**
 * A line's state, as ordinary state of React: an external store would be drawn at once each time,
 * and could keep a page that is being opened from ever being ready.
 */
function useLineState(line: Line): LineState {
  const [state, setState] = useState(line.state);
  useEffect(() => {
    const update = () => setState(line.state());
    update();
    return line.watch(update);
  }, [line]);
  return state;
}

/** The line of a page: opened with what the server knows, followed while the page is shown. */
export function useLine(
  person: string,
  thread: Thread | null,
  agent: string,
  onBegun: (conversation: string) => void,
): { line: Line; state: LineState } {
  const router = useRouter();
  const [line] = useState(() => new Line(callsOf(person), thread, agent));
  const shown = useRef(thread);
  const state = useLineState(line);

  useEffect(() => {
    line.follow();
    return () => line.leave();
  }, [line]);

  useEffect(() => {
    if (!thread || thread === shown.current) return;
    shown.current = thread;
    line.take(thread);
    line.follow();
  }, [line, thread]);

  const isNew = thread === null;
  const conversation = state.place?.conversation;
  useEffect(() => {
    if (!isNew || !conversation) return;
    // The address comes at once, and what the server knows of the conversation follows.
    window.history.replaceState(null, "", `/c/${conversation}`);
    onBegun(conversation);
    return refreshWhenReached(router.refresh);
  }, [isNew, conversation, onBegun, router]);

  const { run, waiting, title, ended, outdated } = state;
  useEffect(() => {
    // A new conversation comes into the sidebar with the refreshed page.
    if (!conversation || (isNew ? !ended : !run && !ended)) return;
    const status = run ? (waiting ? "waiting" : "running") : null;
    announceConversation({ id: conversation, status, activeAt: Date.now(), ...(title ? { title } : {}) });
  }, [isNew, conversation, run, waiting, title, ended]);

  // What other tabs and devices do with this conversation, and what the server does by itself.
  useEffect(() => {
    const hear = ({ id, row, runs, newest, queue }: InboxNews) => {
      const { place } = line.state();
      // One that was deleted elsewhere stays as it is seen, with what is being typed; sending says that it is gone.
      if (id !== place?.conversation || !row) return;
      line.hear({
        title: row.title,
        run: runs.find(({ branch }) => branch === place.branch)?.id ?? null,
        newest,
        queue: queue.filter(({ branch }) => branch === place.branch).map(({ branch, ...message }) => message),
      });
    };
    const { place } = line.state();
    const last = place && lastNewsOf(place.conversation);
    if (last) hear(last);
    return watchInbox(hear);
  }, [line]);

  useEffect(() => watchReturn(() => line.wonder()), [line]);

  useEffect(() => {
    // The page of a new conversation is on its way: asked for twice, the router has the browser load it anew.
    if (outdated > 0 && !isNew) return refreshWhenReached(router.refresh);
  }, [outdated, isNew, router]);

  return { line, state };
}
