/** What a person has told about themselves, found by the shape of the sentences. Later statements replace earlier ones. */
export interface Memory {
  readonly facts: ReadonlyMap<string, string>;
  readonly likes: readonly { readonly verb: string; readonly what: string }[];
}

const end = String.raw`(?=\s*(?:[.,;!?"\n]|$|\band\b|\bbut\b|\bso\b))`;
const patterns: readonly { key: string; pattern: RegExp }[] = [
  { key: "name", pattern: /\b[Mm]y name(?:['’]s| is)\s+(\p{L}[\p{L}'’-]*(?:\s\p{Lu}[\p{L}'’-]*){0,2})/gu },
  { key: "name", pattern: /\b(?:I am|I['’]m|call me)\s+(\p{Lu}\p{Ll}[\p{L}'’-]*)(?=\s*(?:[.,;!\n]|$|and\b))/gu },
  { key: "home", pattern: new RegExp(String.raw`\bI live in\s+(.{2,60}?)${end}`, "gi") },
  { key: "origin", pattern: new RegExp(String.raw`\bI(?: am|['’]m|\s+come) from\s+(.{2,60}?)${end}`, "gi") },
  { key: "work", pattern: new RegExp(String.raw`\bI work (?:as|at|for|in)\s+(.{2,60}?)${end}`, "gi") },
];
const possession =
  /\bmy\s+([\p{L}][\p{L}\d '’-]{1,40}?)\s+(?:is|are|was)\s+(.{1,80}?)(?=\s*(?:[,;!?"\n]|\.(?:\s|$)|$|\band my\b|\bbut\b))/giu;
const liking =
  /\bI\s+(?:really\s+|also\s+)?(like|love|prefer|enjoy|hate|dislike|don['’]t like)\s+(.{2,60}?)(?=\s*(?:[.,;!?"\n]|$|\band (?:I|my)\b|\bbut\b))/gi;

export function remember(texts: readonly string[]): Memory {
  const facts = new Map<string, string>();
  const likes = new Map<string, { verb: string; what: string }>();
  for (const sentence of texts.flatMap(sentences)) {
    if (isQuestion(sentence)) continue;
    for (const [, key = "", value = ""] of sentence.matchAll(possession)) {
      const known = factKey(key);
      if (known !== "name") facts.set(known, value.trim());
    }
    for (const { key, pattern } of patterns) {
      for (const [, value = ""] of sentence.matchAll(pattern)) facts.set(key, value.trim());
    }
    for (const [, verb = "", what = ""] of sentence.matchAll(liking)) {
      likes.set(what.toLowerCase().trim(), { verb: verb.toLowerCase(), what: what.trim() });
    }
  }
  return { facts, likes: [...likes.values()] };
}

/** "my favourite colour" and "favorite color" are the same fact. */
export function factKey(words: string): string {
  return words
    .toLowerCase()
    .replaceAll("’", "'")
    .replaceAll("favourite", "favorite")
    .replaceAll("colour", "color")
    .replace(/^(?:own|current)\s+/, "")
    .trim();
}

export function isQuestion(sentence: string): boolean {
  return (
    sentence.trimEnd().endsWith("?") ||
    /^\s*(?:what|who|where|when|why|which|how|do|does|did|can|could|is|are|am|tell me)\b/i.test(sentence)
  );
}

function sentences(text: string): string[] {
  return text.split(/(?<=[.!?])\s+|\n+/).filter((sentence) => sentence.trim() !== "");
}
