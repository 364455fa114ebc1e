import { type Kind, mayGoOn, type Phrase } from "./query.ts";
import { wordsOf } from "./words.ts";

/**
 * What the full-text index holds. Every word is kept under its owner's number and the kind of text
 * that it stands in ("12w" + word), so that a search only ever touches the person's own words: it
 * costs the same however many others there are, and can't find theirs.
 */

const letterOf: Record<Kind, string> = { title: "t", message: "w" };
const mark = "m";

/** What can be asked of a text besides its words. The number of its scope stands there too: "12s345". */
const marks = { all: `${mark}all`, title: `${mark}title`, code: `${mark}code` };
const agentMark = (agent: string) => `${mark}by${agent.toLowerCase().replace(/[^a-z0-9]/g, "")}`;

const longestText = 200_000;
const fence = /^[ \t]*(?:```|~~~)/m;

/** A title as the index takes it: words with a space before each, where the owner's number goes. */
export function titleEntry(title: string): string {
  return entry("title", title, [marks.title]);
}

/** A message as the index takes it. */
export function messageEntry(text: string, agent: string | null): string {
  return entry("message", text, [
    marks.all,
    ...(fence.test(text) ? [marks.code] : []),
    ...(agent === null ? [] : [agentMark(agent)]),
  ]);
}

function entry(kind: Kind, text: string, also: string[]): string {
  const words = wordsOf(text.slice(0, longestText)).map(({ word }) => letterOf[kind] + word);
  return [...words, ...also].map((word) => ` ${word}`).join("");
}

export interface Asked {
  kind: Kind;
  phrases: readonly Phrase[];
  /** Ids; any of them will do. */
  agents?: readonly string[];
  code?: boolean;
  /** Numbers of scopes; any of them will do. */
  scopes?: readonly number[];
}

/** The expression for the index. It is made of letters and digits in quotation marks, so it is always valid. */
export function matchOf(owners: readonly number[], asked: Asked): string {
  return owners.map((owner) => `(${conditions(owner, asked).join(" AND ")})`).join(" OR ");
}

function conditions(owner: number, { kind, phrases, agents, code = false, scopes }: Asked): string[] {
  const terms = phrases.map((phrase) => {
    const words = phrase.words.map((word) => `${owner}${letterOf[kind]}${word}`).join(" ");
    return `"${words}"${mayGoOn(phrase, kind) ? "*" : ""}`;
  });
  if (terms.length === 0) terms.push(`"${owner}${kind === "title" ? marks.title : marks.all}"`);
  if (code) terms.push(`"${owner}${marks.code}"`);
  if (agents) terms.push(anyOf(agents.map((agent) => owner + agentMark(agent))));
  if (scopes) terms.push(anyOf(scopes.map((scope) => `${owner}s${scope}`)));
  return terms;
}

const anyOf = (words: string[]): string => `(${words.map((word) => `"${word}"`).join(" OR ")})`;
