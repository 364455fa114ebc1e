import { startOf } from "./days.ts";
import { type Word, wordsOf } from "./words.ts";

/** What a person looks for, read from what they typed. Any text at all is a query; none is an error. */

/** Words that must follow each other: one word, or what stood in quotation marks or without a space. */
export interface Phrase {
  words: string[];
  /** Where its last word may be the beginning of a longer one. */
  open: "nowhere" | "titles" | "everywhere";
}

/** What is looked through: its kinds of words are kept apart in the index. */
export type Kind = "title" | "message";

export const mayGoOn = ({ open }: Phrase, kind: Kind): boolean =>
  open === "everywhere" || (open === "titles" && kind === "title");

export interface Filters {
  /** As they were typed: a type or a label. Any of them will do. */
  namespaces: string[];
  /** As they were typed: an id or a name. Any of them will do. */
  agents: string[];
  /** The first moment that counts, in milliseconds since 1970. */
  after?: number;
  /** The first moment that counts no more. */
  before?: number;
  archived: boolean;
  code: boolean;
}

export interface Query {
  phrases: Phrase[];
  filters: Filters;
  /** What could not be understood, as sentences. It is left out of the search. */
  problems: string[];
}

const mostPhrases = 12;
const mostWords = 24;
/** Nobody types more; what is behind it is not looked at. */
export const longestQuery = 400;

const part = /(?<key>\p{L}+):(?<value>"[^"]*"?|[^\s"]+)|"(?<quoted>[^"]*)"?|[^\s"]+/gu;
const quotes = /[“”„‟«»「」『』＂]/gu;

/** Days begin as they do in this time zone. */
export function parseQuery(text: string, timeZone = "UTC"): Query {
  const query: Query = {
    phrases: [],
    filters: { namespaces: [], agents: [], archived: false, code: false },
    problems: [],
  };
  const typed = text.slice(0, longestQuery).replace(quotes, '"').trimEnd();
  for (const match of typed.matchAll(part)) {
    const { key, value, quoted } = match.groups ?? {};
    if (key && value && readFilter(query, key.toLowerCase(), value.replaceAll('"', "").trim(), timeZone)) continue;
    const isLast = match.index + match[0].length === typed.length;
    const phrase = phraseOf(wordsOf(quoted ?? match[0]), quoted !== undefined ? "quoted" : isLast ? "last" : "free");
    if (phrase && query.phrases.length < mostPhrases) query.phrases.push(phrase);
  }
  return query;
}

/** Whether there is anything to look for. */
export function isEmpty({ phrases, filters }: Query): boolean {
  const { namespaces, agents, after, before, archived, code } = filters;
  const filtered = archived || code || after !== undefined || before !== undefined;
  return phrases.length + namespaces.length + agents.length === 0 && !filtered;
}

/**
 * Where words are not parted by spaces, a row of letters is indexed as its pairs and its last letter.
 * The row that is looked for may go on, so its own last letter is not asked for, unless it is alone.
 */
function phraseOf(words: Word[], way: "quoted" | "free" | "last"): Phrase | undefined {
  const kept = words.slice(0, mostWords);
  const last = kept.at(-1);
  if (!last) return undefined;
  const alone = last.piece === "last" && kept.at(-2)?.end !== last.end;
  if (last.piece === "last" && !alone) kept.pop();
  const open = last.piece ? (alone ? "everywhere" : "nowhere") : openness(last.word, way);
  return { words: kept.map(({ word }) => word), open };
}

/** The fewer letters, the more words begin with them: only the word that is being typed may be that short. */
function openness(word: string, way: "quoted" | "free" | "last"): Phrase["open"] {
  if (way === "quoted" || (way === "free" && word.length < 4)) return "nowhere";
  return word.length < 2 ? "titles" : "everywhere";
}

/** Whether a word is so short that most of what begins with it is not meant, and counting all of it takes long. */
export function isVague({ phrases }: Query): boolean {
  return phrases.some(({ words, open }) => open === "everywhere" && words.length === 1 && (words[0] ?? "").length < 4);
}

/** The same words, none of them as the beginning of a longer one. */
export function closed(phrases: readonly Phrase[]): Phrase[] {
  return phrases.map(({ words }) => ({ words, open: "nowhere" }));
}

function readFilter({ filters, problems }: Query, key: string, value: string, timeZone: string): boolean {
  switch (key) {
    case "namespace":
      if (value) filters.namespaces.push(value);
      return true;
    case "agent":
      if (value) filters.agents.push(value);
      return true;
    case "before":
    case "after":
      if (!readDate(filters, key, startOf(value, timeZone))) {
        problems.push(`"${key}:" needs a date such as 2026-01-31, 2026-01 or 2026.`);
      }
      return true;
    case "is":
      if (value.toLowerCase() === "archived") filters.archived = true;
      else problems.push(`"is:" knows only "is:archived".`);
      return true;
    case "has":
      if (value.toLowerCase() === "code") filters.code = true;
      else problems.push(`"has:" knows only "has:code".`);
      return true;
    default:
      return false;
  }
}

function readDate(filters: Filters, key: "before" | "after", moment: number | undefined): boolean {
  if (moment === undefined) return false;
  if (key === "before") filters.before = Math.min(moment, filters.before ?? moment);
  else filters.after = Math.max(moment, filters.after ?? moment);
  return true;
}

export type FilterKey = "namespace" | "agent" | "before" | "after" | "is" | "has";

/** What was typed, with this filter as given instead of as it was, or without it. */
export function withFilter(text: string, key: FilterKey, value: string | null): string {
  const others = [...text.replace(quotes, '"').matchAll(part)].filter(
    (match) => match.groups?.key?.toLowerCase() !== key,
  );
  const written = others.map(([one]) => (one.split('"').length % 2 === 0 ? `${one}"` : one));
  if (value !== null) written.push(`${key}:${/[\s"]/u.test(value) ? `"${value.replaceAll('"', " ")}"` : value}`);
  return written.join(" ");
}

/** How this filter was typed, the first time if there are several. */
export function filterIn(text: string, key: FilterKey): string | null {
  for (const { groups } of text.replace(quotes, '"').matchAll(part)) {
    if (groups?.key?.toLowerCase() === key) return groups.value?.replaceAll('"', "").trim() ?? null;
  }
  return null;
}
