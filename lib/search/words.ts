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

const run = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;
const ascii = /^[a-zA-Z0-9]*$/;
/** Scripts that are written without spaces between words. */
const unspaced =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Bopomofo}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;
/** Vowel signs and tones go with the letter before them, and so do the voice marks of narrow kana. */
const sign = /[\p{M}\uff9e\uff9f]/u;

/** Nothing that is longer is a word; its beginning stands for it. */
const longestWord = 48;

/** The words of a text, in order. */
export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  for (const { 0: written, index } of text.matchAll(run)) {
    if (ascii.test(written))
      words.push({ word: shorten(written.toLowerCase()), start: index, end: index + written.length });
    else if (unspaced.test(written)) addMixed(words, written, index);
    else add(words, written, index);
  }
  return words;
}

/** A row of letters at least one of which is from a script without spaces. */
function addMixed(words: Word[], text: string, offset: number): void {
  let letters: string[] = [];
  let spaced = "";
  let start = offset;
  const end = () => {
    if (spaced !== "") add(words, spaced, start);
    else addPieces(words, letters, start);
    start += spaced.length + letters.join("").length;
    letters = [];
    spaced = "";
  };
  for (const one of text) {
    const kind = kindOf(one);
    if (kind === "sign" && letters.length > 0) letters[letters.length - 1] += one;
    else if (kind === "unspaced") {
      if (spaced !== "") end();
      letters.push(one);
    } else {
      if (letters.length > 0) end();
      spaced += one;
    }
  }
  end();
}

const kinds = new Map<string, "unspaced" | "sign" | "spaced">();

function kindOf(letter: string): "unspaced" | "sign" | "spaced" {
  let kind = kinds.get(letter);
  if (kind === undefined) {
    kind = sign.test(letter) ? "sign" : unspaced.test(letter) ? "unspaced" : "spaced";
    kinds.set(letter, kind);
  }
  return kind;
}

function addPieces(words: Word[], letters: readonly string[], offset: number): void {
  let start = offset;
  for (const [place, first] of letters.entries()) {
    const second = letters[place + 1];
    add(words, first + (second ?? ""), start, second === undefined ? "last" : "pair");
    start += first.length;
  }
}

function add(words: Word[], written: string, start: number, piece?: "pair" | "last"): void {
  const word = fold(written);
  if (word === "") return;
  const end = start + written.length;
  words.push(piece ? { word, start, end, piece } : { word, start, end });
}

/** Kana, Chinese characters and Hangul, which are always written the same way. */
const plain = /^[\u3041-\u3096\u30a1-\u30fa\u30fc\u4e00-\u9fff\uac00-\ud7a3]+$/;
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
  if (plain.test(written)) return shorten(written);
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
