import fc from "fast-check";
import { expect, test } from "vitest";
import { differences, type Stretch } from "./differences.ts";

const onlyOf = (stretches: readonly Stretch[]) => stretches.filter(({ only }) => only).map(({ text }) => text);

test("the words that only one of the two has are marked", () => {
  const { left, right } = differences("Paris has two million people.", "Rome has three million people.");
  expect(onlyOf(left)).toEqual(["Paris", "two"]);
  expect(onlyOf(right)).toEqual(["Rome", "three"]);
});

test("words are told apart without spaces between them", () => {
  const { left, right } = differences("私は東京に住んでいます", "私は大阪に住んでいます");
  expect(onlyOf(left)).toEqual(["東京"]);
  expect(onlyOf(right)).toEqual(["大阪"]);
});

test("each side keeps its text, and what is not marked is the same", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom("a", "b", " ", "\n", "語")),
      fc.array(fc.constantFrom("a", "c", " ")),
      (l, r) => {
        const [one, two] = [l.join(""), r.join("")];
        const { left, right } = differences(one, two);
        const whole = (stretches: readonly Stretch[]) => stretches.map(({ text }) => text).join("");
        const common = (stretches: readonly Stretch[]) => whole(stretches.filter(({ only }) => !only));
        expect(whole(left)).toBe(one);
        expect(whole(right)).toBe(two);
        expect(common(left)).toBe(common(right));
      },
    ),
  );
});
