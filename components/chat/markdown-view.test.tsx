import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import MarkdownView from "./markdown-view.tsx";

const drawn = (text: string, live = false) => renderToStaticMarkup(<MarkdownView text={text} live={live} />);

test("paragraphs, lists, tables and code are what they are", () => {
  const html = drawn(
    "One **two**\n\n- three\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n```ts\nconst x = 1;\n```\n\n`inline`",
  );
  expect(html).toContain("<strong>two</strong>");
  expect(html).toMatch(/<li[^>]*>three<\/li>/);
  expect(html).toContain("<table>");
  expect(html).toContain("Copy code");
  expect(html).toMatch(/<code>inline<\/code>/);
});

test("HTML is shown as the text it is", () => {
  const html = drawn(
    'Before <img src="x" onerror="alert(1)"> after\n\n<script>alert(2)</script>\n\n<div onclick="x()">y</div>',
  );
  expect(html).not.toMatch(/<(script|img|div onclick)/);
  expect(html).toContain("&lt;script&gt;");
  expect(html).toContain("&lt;img src=");
});

test("links lead out in a new tab, without telling where from", () => {
  const html = drawn("[site](https://example.com/a) and https://example.org and [mail](mailto:a@example.com)");
  for (const address of ["https://example.com/a", "https://example.org/", "mailto:a@example.com"]) {
    expect(html).toContain(`href="${address}"`);
  }
  expect(html.match(/rel="noopener noreferrer nofollow"/g)?.length).toBeGreaterThanOrEqual(3);
});

test("a link to anything else is only its words", () => {
  const hostile = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java&#115;cript:alert(1)",
    "data:text/html,<b>x</b>",
    "vbscript:x",
    "file:///etc/passwd",
    "blob:https://example.com/1",
    "irc://example.com",
    "/api/runs/1/stop",
    "//example.com/x",
  ];
  for (const address of hostile) {
    const html = drawn(`[words](${address})`);
    expect(html, address).not.toContain("<a ");
    expect(html, address).toContain("words");
  }
});

test("a picture from elsewhere is not fetched until it is asked for; one that is here is shown", () => {
  const far = drawn("![a cat](https://example.com/track.png?what=said)");
  expect(far).not.toContain("<img");
  expect(far).not.toContain("track.png");
  expect(far).toContain("Load image");
  expect(far).toContain("a cat, from example.com");
  expect(drawn("![dot](data:image/png;base64,iVBORw0KGgo=)")).toContain(
    '<img src="data:image/png;base64,iVBORw0KGgo="',
  );
});

test("what is cut off in the middle is drawn as far as it goes", () => {
  expect(drawn("This is **bo", true)).toMatch(/<strong[^>]*>bo<\/strong>/);
  expect(drawn("See [the si", true)).not.toContain("[the si");
  expect(drawn("```ts\nconst x", true)).toContain("const x");
});

test("right-to-left words are marked as such", () => {
  expect(drawn("مرحبا، كيف حالك؟")).toContain('dir="rtl"');
});
