import type { User } from "#lib/access.ts";
import { type Candidate, findMessages, findTitles, momentOf, type Wanted } from "./candidates.ts";
import { indexesMessages } from "./documents.ts";
import { closed, isVague, type Query } from "./query.ts";

/** Which of all that fits is looked at, and in what order it is shown. */

export interface Sought {
  user: User;
  owners: readonly number[];
  query: Query;
  wanted: Wanted;
  agents?: readonly string[];
}

/**
 * How far a search has come. Only so many of the newest messages are weighed against each other at
 * once; what is older follows on later pages.
 */
export interface Stage {
  /** Everything from this id on has been shown. */
  below?: number;
  /** Everything that has a short word by itself has been shown; longer words that begin with it remain. */
  exactDone: boolean;
}

export interface Found {
  titles: Candidate[];
  messages: Candidate[];
  next: Stage | null;
}

const window = 400;
const mostTitles = 200;

export async function gather(sought: Sought, stage: Stage): Promise<Found> {
  const first = stage.below === undefined;
  const [titles, messages] = await Promise.all([first ? titlesOf(sought) : [], messagesOf(sought, stage)]);
  return { titles, ...messages };
}

async function titlesOf({ user, owners, query, wanted, agents }: Sought): Promise<Candidate[]> {
  const onlyMessages = agents !== undefined || query.filters.code || (indexesMessages && query.phrases.length === 0);
  if (onlyMessages) return [];
  return findTitles(user, owners, { phrases: query.phrases }, wanted, mostTitles);
}

/**
 * A short word is looked for by itself first: counting all that begins with it takes long, and it
 * is not asked for at all where there is enough without it.
 */
async function messagesOf(sought: Sought, stage: Stage): Promise<Omit<Found, "titles">> {
  if (!indexesMessages) return { messages: [], next: null };
  const { user, owners, query, wanted, agents } = sought;
  const find = (phrases: Query["phrases"], ranked: boolean) =>
    findMessages(user, owners, { phrases, agents, code: query.filters.code }, wanted, {
      below: stage.below,
      limit: window,
      ranked,
    });
  const next = (messages: Candidate[], exactDone: boolean): Stage | null => {
    const last = messages.at(-1);
    return last && messages.length === window ? { below: last.id, exactDone } : null;
  };
  if (!isVague(query)) {
    const messages = await find(query.phrases, query.phrases.length > 0);
    return { messages, next: next(messages, false) };
  }
  const exact = await find(closed(query.phrases), true);
  if (exact.length === window && !stage.exactDone) return { messages: exact, next: next(exact, false) };
  const known = new Set(exact.map(({ id }) => id));
  const open = await find(query.phrases, false);
  const others = open.filter(({ id }) => !known.has(id));
  return { messages: stage.exactDone ? others : [...exact, ...others], next: next(open, true) };
}

/** A conversation and what was found in it. */
export interface Group {
  conversation: string;
  inTitle: boolean;
  /** The best first. */
  messages: Candidate[];
}

const titleWeight = 1.5;
/** What a text is worth in which a word only begins like what was looked for. */
const leastRank = 0.01;
/** After this time a text counts for half of what it counted for beyond its lasting worth. */
const halfLife = 60 * 24 * 3600 * 1000;

/** What was found by conversation, the best first: what fits well, and among equals what is new. */
export function grouped({ titles, messages }: Pick<Found, "titles" | "messages">, now: number): Group[] {
  const weight = (candidate: Candidate): number => {
    const age = Math.max(0, now - momentOf(candidate));
    return Math.max(candidate.rank, leastRank) * (0.5 + 0.5 * 2 ** (-age / halfLife));
  };
  const groups = new Map<string, Group & { title: number; best: number }>();
  const groupOf = (conversation: string) => {
    const known = groups.get(conversation);
    if (known) return known;
    const made = { conversation, inTitle: false, messages: [], title: 0, best: 0 };
    groups.set(conversation, made);
    return made;
  };
  for (const title of titles) {
    Object.assign(groupOf(title.conversation), { inTitle: true, title: titleWeight * weight(title) });
  }
  const weighed = messages.map((candidate) => ({ candidate, worth: weight(candidate) }));
  weighed.sort((left, right) => right.worth - left.worth || right.candidate.id - left.candidate.id);
  for (const { candidate, worth } of weighed) {
    const group = groupOf(candidate.conversation);
    group.messages.push(candidate);
    group.best = Math.max(group.best, worth);
  }
  return [...groups.values()].sort((left, right) => right.title + right.best - (left.title + left.best));
}
