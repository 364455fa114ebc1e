import { and, eq, inArray, isNull } from "drizzle-orm";
import { database } from "#db/client.ts";
import { conversations } from "#db/schema.ts";
import type { Conversation, User } from "#lib/access.ts";
import { history } from "#lib/history.ts";
import type { SessionState } from "#lib/sessions/store.ts";
import type { Candidate } from "./candidates.ts";
import type { Group } from "./gather.ts";
import { placeOf, reachableOf, readTexts, type Texts } from "./places.ts";
import type { Phrase } from "./query.ts";
import { markTitle, type Stretch, snippetOf } from "./snippet.ts";

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

interface Opened extends Group {
  row: Conversation | undefined;
  state: SessionState | undefined;
}

/** The groups as they are shown. What no branch leads to is left out, and so is a conversation with nothing left. */
export async function hitsOf(
  user: User,
  groups: readonly Group[],
  phrases: readonly Phrase[],
  most: number,
): Promise<SearchHit[]> {
  const opened = (await open(user, groups)).map((group) => ({
    ...group,
    messages: reachableOf(group.state, group.messages),
  }));
  const texts = await readTexts(opened.flatMap(({ messages }) => messages.slice(0, most)));
  const hits = await Promise.all(opened.map((group) => hitOf(group, texts, phrases, most)));
  return hits.flatMap((hit) => hit ?? []);
}

async function open(user: User, groups: readonly Group[]): Promise<Opened[]> {
  if (groups.length === 0) return [];
  const ids = groups.map(({ conversation }) => conversation);
  const mine = and(inArray(conversations.id, ids), eq(conversations.userId, user.id), isNull(conversations.deletedAt));
  const [rows, states] = await Promise.all([
    database().select().from(conversations).where(mine),
    Promise.all(groups.map(({ conversation, messages }) => (messages[0] ? history().load(conversation) : undefined))),
  ]);
  return groups.map((group, place) => ({
    ...group,
    row: rows.find(({ id }) => id === group.conversation),
    state: states[place],
  }));
}

async function hitOf(
  { row, state, inTitle, messages }: Opened,
  texts: Texts,
  phrases: readonly Phrase[],
  most: number,
): Promise<SearchHit | undefined> {
  const shown = state ? await messageHits(state, messages.slice(0, most), texts, phrases) : [];
  if (!row || (!inTitle && shown.length === 0)) return undefined;
  return {
    id: row.id,
    title: markTitle(row.title, phrases),
    namespace: row.namespace,
    archived: row.archivedAt !== null,
    activeAt: row.activeAt,
    messages: shown,
    more: Math.max(0, messages.length - most),
  };
}

async function messageHits(
  state: SessionState,
  candidates: readonly Candidate[],
  texts: Texts,
  phrases: readonly Phrase[],
): Promise<MessageHit[]> {
  const places = await Promise.all(candidates.map((candidate) => placeOf(state, candidate, texts)));
  return places.flatMap((place) => {
    if (!place) return [];
    const { branch, position, agent, createdAt, text } = place;
    const branchName = branch.id === state.current ? null : branch.name;
    return [{ branch: branch.id, branchName, position, agent, createdAt, snippet: snippetOf(text, phrases) }];
  });
}
