import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { filterIn, isEmpty, isVague, longestQuery, parseQuery, withFilter } from "./query.ts";

const words = (text: string) => parseQuery(text).phrases.map((phrase) => phrase.words);

describe("words", () => {
  test("stand for themselves; those in quotation marks, or with no space between, follow each other", () => {
    expect(words('refund "late delivery" e-mail')).toEqual([["refund"], ["late", "delivery"], ["e", "mail"]]);
    expect(words("“late delivery”")).toEqual([["late", "delivery"]]);
    expect(words('"never closed')).toEqual([["never", "closed"]]);
  });

  test("can go on, unless they are quoted or short; the last one is being typed and may be short", () => {
    const open = (text: string) => parseQuery(text).phrases.map((phrase) => phrase.open);
    expect(open('bill the "exact" re')).toEqual(["everywhere", "nowhere", "nowhere", "everywhere"]);
    expect(open("the r")).toEqual(["nowhere", "titles"]);
    expect(open("billing ")).toEqual(["everywhere"]);
  });

  test("of scripts without spaces are rows of pairs; one letter alone begins a pair", () => {
    expect(parseQuery("订单号码").phrases).toEqual([{ words: ["订单", "单号", "号码"], open: "nowhere" }]);
    expect(parseQuery("猫").phrases).toEqual([{ words: ["猫"], open: "everywhere" }]);
    expect(parseQuery("iPhone手机").phrases).toEqual([{ words: ["iphone", "手机"], open: "nowhere" }]);
  });

  test("that are short make a vague query", () => {
    expect(["re", "refund re", "猫"].map((text) => isVague(parseQuery(text)))).toEqual([true, true, true]);
    expect(["refund", "re refund", '"re"'].map((text) => isVague(parseQuery(text)))).toEqual([false, false, false]);
  });
});

describe("filters", () => {
  test("are taken out of the words", () => {
    const query = parseQuery('namespace:support Agent:Billing charge is:archived has:code namespace:"My work"');
    expect(query).toEqual({
      phrases: [{ words: ["charge"], open: "everywhere" }],
      filters: { namespaces: ["support", "My work"], agents: ["Billing"], archived: true, code: true },
      problems: [],
    });
  });

  test("of time begin with the first moment of a day, a month or a year", () => {
    expect(parseQuery("after:2026-03-05 before:2027").filters).toMatchObject({
      after: Date.UTC(2026, 2, 5),
      before: Date.UTC(2027, 0, 1),
    });
    expect(parseQuery("after:2025 after:2026-02").filters.after).toBe(Date.UTC(2026, 1, 1));
  });

  test("that are not understood are said, and change nothing", () => {
    for (const text of ["before:tomorrow", "after:2026-02-30", "after:2026-13", "is:open", "has:pictures"]) {
      const query = parseQuery(text);
      expect(query.problems).toHaveLength(1);
      expect(isEmpty(query)).toBe(true);
    }
  });

  test("that are not known are words", () => {
    expect(words("https://example.com 12:30 colour:red")).toEqual([
      ["https", "example", "com"],
      ["12", "30"],
      ["colour", "red"],
    ]);
  });

  test("without a value ask for nothing", () => {
    expect(isEmpty(parseQuery('namespace:"" agent:""'))).toBe(true);
    expect(isEmpty(parseQuery("  "))).toBe(true);
    expect(isEmpty(parseQuery("!!! … ()"))).toBe(true);
  });
});

test("a filter that is picked stands in the text as if it had been typed", () => {
  const picked = withFilter('late "my order" Agent:billing agent:travel', "agent", "support");
  expect(picked).toBe('late "my order" agent:support');
  expect(withFilter(picked, "namespace", "My work")).toBe('late "my order" agent:support namespace:"My work"');
  expect(withFilter(picked, "agent", null)).toBe('late "my order"');
  expect(filterIn(picked, "agent")).toBe("support");
  expect(filterIn(picked, "is")).toBeNull();
  fc.assert(
    fc.property(fc.string(), fc.stringMatching(/^[a-z][a-z ]{0,10}[a-z]$/), (text, value) => {
      const once = withFilter(text, "namespace", value);
      expect(filterIn(once, "namespace")).toBe(value);
      expect(withFilter(once, "namespace", value)).toBe(once);
    }),
  );
});

test("any text is a query, and a long one is cut", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.string()), (text) => {
      for (const phrase of parseQuery(text).phrases) {
        expect(phrase.words.length).toBeGreaterThan(0);
        for (const word of phrase.words) expect(word).toMatch(/^[\p{L}\p{N}\p{M}]+$/u);
      }
    }),
  );
  expect(parseQuery("a ".repeat(longestQuery * 3)).phrases.length).toBeLessThan(20);
});
