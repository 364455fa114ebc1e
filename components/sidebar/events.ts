import type { ConversationRow } from "#lib/conversation-rows.ts";

/** How other parts of a page tell the sidebar what happened, without asking the server. */

export interface ConversationNews {
  id: string;
  title?: string;
  /** What its newest run is about; null when the answer is done. */
  status?: ConversationRow["status"];
  activeAt?: number;
  archived?: boolean;
}

const newsEvent = "switchboard:conversation";
const refreshEvent = "switchboard:conversations";

/** Updates one conversation's row. An unknown one makes the sidebar ask the server for what is new. */
export function announceConversation(news: ConversationNews): void {
  window.dispatchEvent(new CustomEvent<ConversationNews>(newsEvent, { detail: news }));
}

/** Makes the sidebar ask the server for the newest of each namespace. */
export function refreshConversations(): void {
  window.dispatchEvent(new Event(refreshEvent));
}

/** Tells both to the sidebar until the answer is called. */
export function watchConversations(onNews: (news: ConversationNews) => void, onRefresh: () => void): () => void {
  const hear = (event: Event) => {
    if (event instanceof CustomEvent) onNews(event.detail);
  };
  window.addEventListener(newsEvent, hear);
  window.addEventListener(refreshEvent, onRefresh);
  return () => {
    window.removeEventListener(newsEvent, hear);
    window.removeEventListener(refreshEvent, onRefresh);
  };
}
