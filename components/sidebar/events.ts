import type { ConversationRow } from "#lib/conversation-rows.ts";
import type { InboxNews } from "#lib/inbox-stream.ts";

/** How the parts of a page tell each other what happened to a conversation, without asking the server. */

export interface ConversationNews {
  id: string;
  title?: string;
  namespace?: string;
  /** What its newest run is about; null when the answer is done. */
  status?: ConversationRow["status"];
  activeAt?: number;
  archived?: boolean;
}

const newsEvent = "switchboard:conversation";
const refreshEvent = "switchboard:conversations";
const inboxEvent = "switchboard:inbox";
const returnEvent = "switchboard:return";
const beginningEvent = "switchboard:beginning";

/** Updates one conversation's row. An unknown one makes the sidebar ask the server for what is new. */
export function announceConversation(news: ConversationNews): void {
  window.dispatchEvent(new CustomEvent<ConversationNews>(newsEvent, { detail: news }));
}

/** Makes the sidebar ask the server for the newest of each namespace. */
export function refreshConversations(): void {
  window.dispatchEvent(new CustomEvent(refreshEvent));
}

/** Says that the person wants to begin a new conversation, along with going to its page. */
export function announceBeginning(): void {
  window.dispatchEvent(new CustomEvent(beginningEvent));
}

const lastNews = new Map<string, InboxNews>();

/** What the server has said last of a conversation: a page that comes now may be older. */
export const lastNewsOf = (conversation: string): InboxNews | undefined => lastNews.get(conversation);

/** Hands on what the server says of a conversation, whoever changed it. */
export function announceInbox(news: InboxNews): void {
  lastNews.set(news.id, news);
  window.dispatchEvent(new CustomEvent<InboxNews>(inboxEvent, { detail: news }));
}

/** Calls `hear` with each conversation that changed on the server. Answers how to stop it. */
export const watchInbox = (hear: (news: InboxNews) => void): (() => void) => watch(inboxEvent, hear);

/** Says that the server is heard again, after a time of which nothing is known. */
export function announceReturn(): void {
  window.dispatchEvent(new CustomEvent(returnEvent));
}

/** Calls `hear` when the server is heard again. Answers how to stop it. */
export const watchReturn = (hear: () => void): (() => void) => watch(returnEvent, hear);

/** Calls `hear` with what another part of the page announced. Answers how to stop it. */
export const watchNews = (hear: (news: ConversationNews) => void): (() => void) => watch(newsEvent, hear);

/** Calls `refresh` when another part of the page asks for it. Answers how to stop it. */
export const watchRefresh = (refresh: () => void): (() => void) => watch(refreshEvent, refresh);

/** Calls `begin` when the person wants to begin a new conversation. Answers how to stop it. */
export const watchBeginnings = (begin: () => void): (() => void) => watch(beginningEvent, begin);

function watch<Detail>(name: string, hear: (detail: Detail) => void): () => void {
  const listen = (event: Event) => {
    if (event instanceof CustomEvent) hear(event.detail);
  };
  window.addEventListener(name, listen);
  return () => window.removeEventListener(name, listen);
}
