import fc from "fast-check";
import { expect, test } from "vitest";
import { parseQuery } from "./query.ts";
import { markTitle, type Stretch, snippetOf } from "./snippet.ts";

const shown = (stretches: Stretch[]) => stretches.map(({ text, hit }) => (hit ? `[${text}]` : text)).join("");
const snippet = (text: string, query: string) => shown(snippetOf(text, parseQuery(query).phrases));
const title = (text: string, query: string) => shown(markTitle(text, parseQuery(query).phrases));

test("hits are marked as they are written", () => {
  expect(title("Two Cafés in Zürich", "cafe zurich")).toBe("Two [Cafés] in [Zürich]");
  expect(title("A late delivery is not late", '"late delivery"')).toBe("A [late delivery] is not late");
  expect(title("北京大学的退款", "大学 款")).toBe("北京[大学]的退[款]");
  expect(title("Reading", "r")).toBe("[Reading]");
});

test("a word is marked only where it is what was looked for", () => {
  expect(snippet("refunds, prefund, Refund", "refund")).toBe("[refunds], prefund, [Refund]");
  expect(snippet("refunds, prefund, Refund", '"refund"')).toBe("refunds, prefund, [Refund]");
});

test("a long text is cut to where most of what was looked for stands close together", () => {
  const text = `${"The order was mentioned here. ".repeat(20)}Then the refund of the order came. ${"And more. ".repeat(50)}`;
  const line = snippet(text, "refund order");
  expect(line).toContain("the [refund] of the [order] came");
  expect(line.startsWith("… ")).toBe(true);
  expect(line.endsWith(" …")).toBe(true);
  expect(line.length).toBeLessThan(260);
});

test("a hit far behind is found", () => {
  expect(snippet(`${"word ".repeat(20_000)} needle`, "needle")).toContain("[needle]");
});

test("Markdown is not shown, and what it hides is shown when it was looked for", () => {
  const text = "# Heading\n\n- **bold** and `code`\n\n```ts\nlet x = 1;\n```\n[the page](https://example.com/secret)";
  expect(snippet(text, "bold")).toBe("Heading [bold] and code let x = 1; the page");
  expect(snippet(text, "secret")).toContain("example.com/[secret]");
});

test("without words it is the beginning", () => {
  expect(snippet("One.\n\nTwo.", "has:code")).toBe("One. Two.");
});

test("HTML stays text, and no character is cut in two", () => {
  expect(snippetOf("<b>refund</b>", parseQuery("refund").phrases)).toEqual([
    { text: "<b>", hit: false },
    { text: "refund", hit: true },
    { text: "</b>", hit: false },
  ]);
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 600 }), fc.string({ unit: "grapheme" }), (text, query) => {
      for (const stretch of snippetOf(text, parseQuery(query).phrases)) expect(stretch.text.isWellFormed()).toBe(true);
      const marked = markTitle(text, parseQuery(query).phrases);
      expect(marked.map((stretch) => stretch.text).join("")).toBe(text);
    }),
    { numRuns: 500 },
  );
});
