import { type Kind, mayGoOn, type Phrase } from "./query.ts";
import { type Word, wordsOf } from "./words.ts";

/** A stretch of text, and whether it is what was looked for. Text, never markup. */
export interface Stretch {
  text: string;
  hit: boolean;
}

interface Span {
  start: number;
  end: number;
  phrase: number;
}

const snippetLength = 180;
/** How much of it stands before the first hit. */
const lead = 50;
/** A long text is looked through in parts, until one has a hit. */
const partLength = 8000;
const overlap = 400;

/** A title with each hit in a stretch of its own. */
export function markTitle(title: string, phrases: readonly Phrase[]): Stretch[] {
  return cut(title, hitsIn(title, phrases, "title"), 0, title.length);
}

/** A line from that place of a message where most of what was looked for stands close together. */
export function snippetOf(text: string, phrases: readonly Phrase[]): Stretch[] {
  const line = readable(text);
  const hits = firstHits(line, phrases);
  // What is left out for reading, such as the address of a link, can be what was looked for.
  if (hits.length === 0 && phrases.length > 0) {
    const whole = onOneLine(text);
    const hidden = firstHits(whole, phrases);
    if (hidden.length > 0) return around(whole, hidden);
  }
  return around(line, hits);
}

function around(line: string, hits: Span[]): Stretch[] {
  const first = densest(hits);
  const start = first === undefined || first.start <= lead ? 0 : wordStart(line, first.start - lead);
  const end = wordEnd(line, Math.max(start + snippetLength, first?.end ?? 0));
  const stretches = cut(line, hits, start, end);
  if (start > 0) stretches.unshift({ text: "… ", hit: false });
  if (end < line.length) stretches.push({ text: " …", hit: false });
  return stretches;
}

function firstHits(text: string, phrases: readonly Phrase[]): Span[] {
  for (let offset = 0; offset < text.length; offset += partLength - overlap) {
    const hits = hitsIn(text.slice(offset, offset + partLength), phrases, "message");
    if (hits.length > 0) return hits.map((hit) => ({ ...hit, start: hit.start + offset, end: hit.end + offset }));
  }
  return [];
}

/** Where the phrases stand, in order; where two overlap, the first. */
function hitsIn(text: string, phrases: readonly Phrase[], kind: Kind): Span[] {
  const words = wordsOf(text);
  const found = phrases.flatMap((phrase, index) =>
    words.flatMap((word, place): Span[] => {
      const last = fits(words, place, phrase, kind);
      return last ? [{ start: word.start, end: last.end, phrase: index }] : [];
    }),
  );
  found.sort((left, right) => left.start - right.start || right.end - left.end);
  let reached = 0;
  return found.filter((span) => {
    const free = span.start >= reached;
    if (free) reached = span.end;
    return free;
  });
}

/** The word with which the phrase ends when it begins at this place. */
function fits(words: readonly Word[], place: number, phrase: Phrase, kind: Kind): Word | undefined {
  const end = phrase.words.length - 1;
  for (const [offset, wanted] of phrase.words.entries()) {
    const word = words[place + offset]?.word;
    const same = offset === end && mayGoOn(phrase, kind) ? word?.startsWith(wanted) : word === wanted;
    if (!same) return undefined;
  }
  return words[place + end];
}

/** The hit after which the most different phrases follow within one snippet. */
function densest(hits: readonly Span[]): Span | undefined {
  let best: Span | undefined;
  let most = 0;
  for (const [place, hit] of hits.entries()) {
    const near = new Set<number>();
    for (let next = place; next < hits.length; next++) {
      const other = hits[next];
      if (!other || other.end > hit.start - lead + snippetLength) break;
      near.add(other.phrase);
    }
    if (near.size > most) {
      most = near.size;
      best = hit;
    }
  }
  return best ?? hits[0];
}

function cut(text: string, hits: readonly Span[], start: number, end: number): Stretch[] {
  const stretches: Stretch[] = [];
  let at = start;
  for (const hit of hits) {
    if (hit.start < at || hit.end > end) continue;
    stretches.push(
      { text: text.slice(at, hit.start), hit: false },
      { text: text.slice(hit.start, hit.end), hit: true },
    );
    at = hit.end;
  }
  stretches.push({ text: text.slice(at, end), hit: false });
  return stretches.filter(({ text: words }) => words !== "");
}

/** A message without the signs of Markdown, on one line. */
function readable(text: string): string {
  return onOneLine(
    text
      .replace(/^[ \t]*(?:```|~~~).*$/gmu, " ")
      .replace(/!?\[([^\]\n]*)\]\([^)\s]*\)/gu, "$1")
      .replace(/^[ \t]*(?:#{1,6}|>+|[-*+])[ \t]+/gmu, "")
      .replace(/\*\*|__|~~|`+/gu, "")
      .replace(/(?<=^|[\s(])[*_](?=\S)|(?<=\S)[*_](?=[\s).,;:!?]|$)/gmu, ""),
  );
}

const onOneLine = (text: string): string => text.replace(/\s+/gu, " ").trim();

/** The beginning of a word near `place`, or `place` where there is no space near. */
function wordStart(text: string, place: number): number {
  const space = text.indexOf(" ", place);
  return space >= 0 && space - place < lead / 2 ? space + 1 : whole(text, place);
}

function wordEnd(text: string, place: number): number {
  if (place >= text.length) return text.length;
  const space = text.lastIndexOf(" ", place);
  return space >= 0 && place - space < lead / 2 ? space : whole(text, place);
}

/** Not in the middle of a surrogate pair. */
const whole = (text: string, place: number): number => (/[\udc00-\udfff]/.test(text[place] ?? "") ? place + 1 : place);
