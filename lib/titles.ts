import type { AgentInputItem } from "@openai/agents";

/** Titles of conversations, made from what was said. Pure: no database, no clock, no model. */

/** What a conversation is called when its first words give no title. */
export const untitled = "New conversation";

const longest = 60;
/** Nothing behind this many characters can matter for a title. */
const considered = 2000;

/** Control characters and those that turn the direction of text or show nothing at all. */
const invisible = /(?![\n\t])\p{Cc}|[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

const courtesies = [
  /^(?:hi|hello|hey|hiya|howdy|greetings|good (?:morning|afternoon|evening|day)|dear|hallo|moin|guten (?:morgen|tag|abend)|hola|bonjour|salut|ciao)(?: (?:there|all|everyone|everybody|team|again|folks|you|assistant|support))*(?:\s*[,.!;:–—-]+\s*|\s*\n\s*|\s+(?=(?:i|i'm|im|i've|ive|can|could|would|please|my|we|our|how|what|when|where|which|who|why|is|are|do|does|did)\b))/iu,
  /^(?:please|pls|kindly|ok|okay|so|well|thanks|thank you|sorry)(?:\s*[,.!:]+\s*|\s+)(?=\S)/iu,
  /^(?:can|could|would|will) (?:you|someone|somebody|anyone)(?: please| kindly)? (?=\S)/iu,
  /^(?:i(?:'d| would) like(?: you)? to(?: know)?|i (?:want|need)(?: you)? to(?: know)?|i(?:'m| am) (?:looking|trying) to|i (?:need|want)(?: some)? help (?:with|to|in)|i have (?:a|one|another) (?:quick )?question(?: about| on| regarding|:)|(?:a )?quick question(?: about| on|:))[\s,:]+(?=\S)/iu,
  /^(?:help me(?: to| with| please)?|tell me(?: about)?|let me know)[\s,:]+(?=\S)/iu,
];

const greetingOnly =
  /^(?:hi|hello|hey|hiya|howdy|yo|greetings|good (?:morning|afternoon|evening|day)|hallo|moin|hola|bonjour|salut|ciao|test(?:ing)?|ok|okay|yes|no|thanks|thank you|help)(?: (?:there|all|everyone|team|again|me|please))*[\s.!?,]*$/iu;

/** The title for a conversation that has only its first message. */
export function titleOfFirst(text: string): string {
  return shorten(plain(text)) || untitled;
}

/**
 * A title for what was said so far: from the person's first words that are more than a greeting,
 * or from the heading of the answer when those words are too long for one. Undefined while there
 * is nothing to name.
 */
export function titleOfExchange(exchange: { question: string; answer: string }[]): string | undefined {
  for (const { question, answer } of exchange) {
    const words = plain(question);
    const asked = withoutCourtesies(words);
    if (asked === "" || greetingOnly.test(words) || greetingOnly.test(asked)) continue;
    const heading = /^\s{0,3}#{1,3}\s+(.+)$/mu.exec(answer.slice(0, considered))?.[1];
    if (heading && firstSentence(asked).length > longest) return shorten(plain(heading));
    return shorten(asked);
  }
  return undefined;
}

/** The title for a conversation with these items. */
export const titleOfItems = (items: readonly AgentInputItem[]): string | undefined =>
  titleOfExchange(exchangeOf(items));

/** What was asked and answered, one entry for each of the person's turns. */
export function exchangeOf(items: readonly AgentInputItem[]): { question: string; answer: string }[] {
  const exchange: { question: string; answer: string }[] = [];
  for (const item of items) {
    if (!("role" in item)) continue;
    const words = typeof item.content === "string" ? item.content : item.content.map(wordsOf).join("\n");
    const turn = exchange.at(-1);
    if (item.role === "user") exchange.push({ question: words, answer: "" });
    else if (item.role === "assistant" && turn) turn.answer += words;
  }
  return exchange;
}

const wordsOf = (part: { type: string; text?: string }): string => part.text ?? "";

/** Text without Markdown, code blocks, addresses and invisible characters, on one line per paragraph. */
function plain(text: string): string {
  const start = text.slice(0, considered).toWellFormed().replace(invisible, "");
  const withoutCode = start.replace(/(?:```|~~~)[\s\S]*?(?:```|~~~|$)/gu, "\n");
  const kept = withoutCode.trim() === "" ? start.replace(/(?:```|~~~)[\w-]*/gu, "\n") : withoutCode;
  return kept
    .replace(/!?\[([^\]\n]*)\]\([^)\s]*\)/gu, "$1")
    .replace(/\bhttps?:\/\/(?:www\.)?([^\s/?#]+)[^\s]*/giu, "$1")
    .replace(/^[ \t]*(?:#{1,6}|>+|[-*+]|\d{1,3}[.)])[ \t]+/gmu, "")
    .replace(/\*\*|__|~~|`+/gu, "")
    .replace(/(^|[\s(])[*_](\S(?:[^*_\n]*\S)?)[*_](?=$|[\s).,;:!?])/gmu, "$1$2")
    .replace(/[ \t]+/gu, " ")
    .replace(/ ?\n[\n ]*/gu, "\n")
    .trim();
}

function withoutCourtesies(text: string): string {
  let rest = text;
  let request = false;
  for (let before = ""; before !== rest; ) {
    before = rest;
    for (const courtesy of courtesies) {
      const shorter = rest.replace(courtesy, "");
      if (shorter !== rest && courtesy === courtesies[2]) request = true;
      rest = shorter;
    }
  }
  if (rest === "") return text;
  const sentence = firstSentence(rest);
  return request ? sentence.replace(/(?:,? please)?\s*\?+$/iu, "") : rest;
}

function firstSentence(text: string): string {
  const line = /^[^\n]*/u.exec(text)?.[0] ?? text;
  const end = /[.!?](?=\s)|[。！？؟]/u.exec(line.slice(8));
  return end ? line.slice(0, 8 + end.index + 1) : line;
}

/** The first sentence, cut at a word where it is too long, in sentence case. */
function shorten(text: string): string {
  const sentence = firstSentence(text.trim()).replace(/\s+/gu, " ").trim();
  const cut = sentence.length > longest ? cutAtWord(sentence) : sentence.replace(/[.!。！:;,]+$/u, "");
  return sentenceCase(cut);
}

function cutAtWord(text: string): string {
  const clause = /^.{16,}?(?=[,;:] | [–—-] | \()/u.exec(text.slice(0, longest + 2))?.[0];
  if (clause) return clause;
  let end = 0;
  for (const { segment, index } of new Intl.Segmenter(undefined, { granularity: "word" }).segment(text)) {
    if (index + segment.length >= longest) break;
    end = index + segment.length;
  }
  const words = text.slice(0, end).replace(/[\s.,;:!?([{"'–—-]+$/u, "");
  return `${words || text.slice(0, longest - 1).replace(/\p{Cs}$/u, "")}…`;
}

function sentenceCase(text: string): string {
  const shouted = text.length > 12 && text.includes(" ") && !/\p{Ll}/u.test(text) && /\p{Lu}/u.test(text);
  const calm = shouted ? text.toLowerCase() : text;
  const firstWord = /^\S+/u.exec(calm)?.[0] ?? "";
  if (/\p{Lu}|[._/\\()]/u.test(firstWord.slice(1, -1))) return calm;
  return calm.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
}
