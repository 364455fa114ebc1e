import { expect, test } from "vitest";
import { safeDestination } from "./destination.ts";

test.each([
  ["/c/01J?branch=b#end", "/c/01J?branch=b#end"],
  ["/settings", "/settings"],
  ["/", "/"],
])("%j is a page of this site", (wanted, kept) => {
  expect(safeDestination(wanted)).toBe(kept);
});

test.each([
  "//evil.example",
  "/\\evil.example",
  "/\t/evil.example",
  "\\\\evil.example",
  "https://evil.example",
  "javascript:alert(1)",
  "/%2e%2e//evil.example",
  "/..//evil.example",
  "settings",
  "",
  null,
  undefined,
  ["/settings"],
])("%j is not, and leads to the start", (wanted) => {
  expect(safeDestination(wanted)).toBe("/");
});
