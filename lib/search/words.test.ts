import fc from "fast-check";
import { expect, test } from "vitest";
import { wordsOf } from "./words.ts";

const words = (text: string) => wordsOf(text).map(({ word }) => word);

test("case, accents and other differences of writing are left out", () => {
  expect(words("Café CAFÉ cafe\u0301")).toEqual(["cafe", "cafe", "cafe"]);
  expect(words("Straße STRASSE Ångström Łódź Øre")).toEqual(["strasse", "strasse", "angstrom", "lodz", "ore"]);
  expect(words("ΣΟΦΌΣ σοφός Ёлка Istanbul İSTANBUL")).toEqual(["σοφοσ", "σοφοσ", "елка", "istanbul", "istanbul"]);
  expect(words("ＡＢＣ ﬁne ①")).toEqual(["abc", "fine", "1"]);
  expect(words("שָׁלוֹם مَرْحَبًا")).toEqual(["שלום", "مرحبا"]);
});

test("what is neither letter nor digit parts words", () => {
  expect(words("snake_case, kebab-case; v1.2.3 a@b.example 🎉")).toEqual(
    "snake case kebab case v1 2 3 a b example".split(" "),
  );
});

test("signs belong to the letter before them", () => {
  expect(words("हिन्दी में")).toEqual(["हिन्दी", "में"]);
  expect(words("คืน")).toEqual(["คืน", "น"]);
});

test("where words are not parted by spaces, letters stand in pairs", () => {
  expect(words("北京大学。")).toEqual(["北京", "京大", "大学", "学"]);
  expect(words("カタカナ ｶﾞｷﾞ ガギ")).toEqual(["カタ", "タカ", "カナ", "ナ", "ガギ", "ギ", "ガギ", "ギ"]);
  expect(words("GPT模型3")).toEqual(["gpt", "模型", "型", "3"]);
  expect(words("한국어 검색")).toEqual(["한국어", "검색"]);
});

test("what is too long for a word is cut, not in the middle of a character", () => {
  const [word = ""] = words(`a${"𝒳".repeat(100)}`);
  expect(words("x".repeat(100))).toEqual(["x".repeat(48)]);
  expect(word.isWellFormed()).toBe(true);
});

test("places are in the text, in order; words are made of letters and digits, and folding them again changes nothing", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" })), (text) => {
      const found = wordsOf(text);
      for (const [place, { word, start, end, piece }] of found.entries()) {
        if (!piece) expect(words(word)).toEqual([word]);
        expect(word).toMatch(/^[\p{L}\p{N}\p{M}]+$/u);
        expect(end).toBeGreaterThan(start);
        expect(end).toBeLessThanOrEqual(text.length);
        expect(start).toBeGreaterThanOrEqual(found[place - 1]?.start ?? 0);
      }
    }),
    { numRuns: 2000 },
  );
});
