import type { User } from "#lib/access.ts";
import type { Candidate } from "./candidates.ts";
import type { Group } from "./gather.ts";
import type { Phrase } from "./query.ts";
import { markTitle, type Stretch, snippetOf } from "./snippet.ts";
import { keyOf, readTexts, type Texts } from "./texts.ts";
import { type FoundConversation, readConversations } from "./trees.ts";

/** A message in which something was found. `/c/CONVERSATION?branch=BRANCH#m-POSITION` opens it. */
export interface MessageHit {
  branch: string;
  /** The branch's name, where it is not the current one. */
  branchName: string | null;
  position: number;
  /** Who wrote it: an agent's id, or null for the person. */
  agent: string | null;
  createdAt: number;
  snippet: Stretch[];
}

/** A conversation in whose title or messages something was found. */
export interface SearchHit {
  id: string;
  title: Stretch[];
  namespace: string;
  archived: boolean;
  activeAt: number;
  /** The messages that fit best. */
  messages: MessageHit[];
  /** How many others of its messages fit. */
  more: number;
}

/**
 * The groups as they are shown, `most` messages of each. What no branch leads to is left out, and so is a
 * conversation with nothing left.
 */
export async function hitsOf(
  user: User,
  groups: readonly Group[],
  phrases: readonly Phrase[],
  most: number,
): Promise<SearchHit[]> {
  const conversations = await readConversations(
    user,
    groups.map((group) => group.conversation),
  );
  const found = groups.flatMap((group) => {
    const conversation = conversations.get(group.conversation);
    if (!conversation) return [];
    const messages = group.messages.filter((message) => conversation.branchWith(message));
    return group.inTitle || messages.length > 0 ? [{ conversation, messages }] : [];
  });
  const texts = await readTexts(found.flatMap(({ messages }) => messages.slice(0, most)));
  return found.map(({ conversation, messages }) => ({
    id: conversation.id,
    title: markTitle(conversation.title, phrases),
    namespace: conversation.namespace,
    archived: conversation.archivedAt !== null,
    activeAt: conversation.activeAt,
    messages: messages.slice(0, most).flatMap((message) => messageHit(conversation, message, texts, phrases) ?? []),
    more: Math.max(0, messages.length - most),
  }));
}

function messageHit(
  conversation: FoundConversation,
  message: Candidate,
  texts: Texts,
  phrases: readonly Phrase[],
): MessageHit | undefined {
  const branch = conversation.branchWith(message);
  const said = texts.get(keyOf(message));
  if (!branch || !said) return undefined;
  return {
    branch: branch.id,
    branchName: branch.isCurrent ? null : branch.name,
    position: said.start,
    agent: said.agent,
    createdAt: said.createdAt,
    snippet: snippetOf(said.text, phrases),
  };
}
