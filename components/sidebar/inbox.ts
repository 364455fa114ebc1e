import type { InboxNews } from "#lib/inbox-stream.ts";

const firstPause = 1000;

interface Hearing {
  onNews: (news: InboxNews) => void;
  /** The line stands, perhaps again; what happened while there was none is not told. */
  onReady: (again: boolean) => void;
}

/**
 * Follows the person's news from the server. Only while the page is in view: a browser opens few
 * lines to one server, and tabs in the background would use them up.
 */
export function followInbox({ onNews, onReady }: Hearing): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let again = false;

  function connect() {
    if (source) return;
    source = new EventSource("/api/inbox");
    source.addEventListener("ready", () => {
      onReady(again);
      again = true;
    });
    source.addEventListener("message", (event: MessageEvent<string>) => onNews(JSON.parse(event.data)));
  }
  function disconnect() {
    clearTimeout(timer);
    source?.close();
    source = null;
  }
  function attend() {
    disconnect();
    if (document.visibilityState === "visible") timer = setTimeout(connect, firstPause);
  }

  attend();
  document.addEventListener("visibilitychange", attend);
  return () => {
    document.removeEventListener("visibilitychange", attend);
    disconnect();
  };
}
