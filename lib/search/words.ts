/**
 * Text as words that can be looked for. The index, the queries and the marks in a snippet all use
 * this, so that they can't disagree. Pure, and the same on every machine: no dictionary is asked,
 * whose next version would cut a word elsewhere and lose what was indexed before.
 */

export interface Word {
  /** Without case, accents and other differences of writing. */
  word: string;
  /** Where it stands in the text. */
  start: number;
  end: number;
  /** Set where words are not parted by spaces: two neighbouring letters, or the last letter of a row alone. */
  piece?: "pair" | "last";
}

/** Scripts that are written without spaces between words. */
const unspaced = String.raw`(?=[\p{L}\p{N}])[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Bopomofo}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]`;
/** Vowel signs and tones go with the letter before them, and so do the voice marks of narrow kana. */
const signs = String.raw`[\p{M}\uff9e\uff9f]*`;
const letter = new RegExp(`${unspaced}${signs}`, "gu");
const run = new RegExp(
  `(?<unspaced>(?:${unspaced}${signs})+)|(?:(?!${unspaced})[\\p{L}\\p{N}](?:(?!${unspaced})[\\p{L}\\p{N}\\p{M}])*)`,
  "gu",
);

/** Nothing that is longer is a word; its beginning stands for it. */
const longestWord = 48;

/** The words of a text, in order. */
export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  for (const match of text.matchAll(run)) {
    if (match.groups?.unspaced) addPieces(words, match[0], match.index);
    else add(words, match[0], match.index);
  }
  return words;
}

function addPieces(words: Word[], text: string, offset: number): void {
  const letters = [...text.matchAll(letter)];
  for (const [place, { 0: first, index }] of letters.entries()) {
    const second = letters[place + 1]?.[0];
    add(words, first + (second ?? ""), offset + index, second === undefined ? "last" : "pair");
  }
}

function add(words: Word[], written: string, start: number, piece?: "pair" | "last"): void {
  const word = fold(written);
  if (word === "") return;
  const end = start + written.length;
  words.push(piece ? { word, start, end, piece } : { word, start, end });
}

const ascii = /^[a-zA-Z0-9]*$/;
/** Accents of European scripts, the points of Hebrew and Arabic, and the Arabic stretching stroke. */
const accents = /[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]/gu;
const others = /[^\p{L}\p{N}\p{M}]/gu;
const letters: Record<string, string> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  đ: "d",
  ð: "d",
  ł: "l",
  ı: "i",
  þ: "th",
  ς: "σ",
};
const special = new RegExp(`[${Object.keys(letters).join("")}]`, "gu");

/** One word without the differences of writing that nobody means when looking for it. */
function fold(written: string): string {
  if (ascii.test(written)) return shorten(written.toLowerCase());
  const bare = written.toLowerCase().normalize("NFKD").toLowerCase().replace(accents, "");
  return shorten(
    bare
      .replace(special, (one) => letters[one] ?? one)
      .normalize("NFKC")
      .replace(others, ""),
  );
}

function shorten(word: string): string {
  return word.length > longestWord ? word.slice(0, longestWord).replace(/[\ud800-\udbff]$/, "") : word;
}
