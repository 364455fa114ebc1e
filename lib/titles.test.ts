import { expect, test } from "vitest";
import { exchangeOf, titleOfExchange, titleOfFirst, untitled } from "./titles.ts";

const made = (question: string, answer = "Certainly.") => titleOfExchange([{ question, answer }]);

test.each([
  ["Hi, can you explain read replicas?", "Explain read replicas"],
  ["Good morning\nThe invoice is wrong.", "The invoice is wrong"],
  ["Please could you help me to write a **toast** for the wedding?", "Write a toast for the wedding"],
  ["I need help with my order #1234", "My order #1234"],
  ["What's my name?", "What's my name?"],
  ["Hello world in Rust: why does it not compile", "Hello world in Rust: why does it not compile"],
  ["WHY IS MY APP BROKEN SINCE YESTERDAY", "Why is my app broken since yesterday"],
  ["iPhone app crashes on start-up!", "iPhone app crashes on start-up"],
  ["Version 2.5 is slow. What now?", "Version 2.5 is slow"],
  ["# Plan\n\n- one\n- two", "Plan"],
  ["```js\nconst limit = 1\n```\nWhy is this slow?", "Why is this slow?"],
  ["See [the manual](https://example.com/a) about `retries`", "See the manual about retries"],
  ["https://www.example.com/a/b?c=d is down", "example.com is down"],
  ["كيف أستعيد طلبي؟ شكرا", "كيف أستعيد طلبي؟"],
  ["应用程序为什么在启动时崩溃。我需要帮助。", "应用程序为什么在启动时崩溃"],
])("%j is titled %j", (question, title) => {
  expect(made(question)).toBe(title);
});

test("a long request is cut at a clause or at a word", () => {
  expect(made("I was charged twice this month, and the app has been slow since the last update.")).toBe(
    "I was charged twice this month",
  );
  const title = made(
    "Explain how the read replicas of our database catch up when the primary has been away for an hour",
  );
  expect(title).toBe("Explain how the read replicas of our database catch up when…");
});

test("a long request takes the heading of its answer", () => {
  const question =
    "We have 40 services and 3 databases and nobody knows which of them may be moved next year without harm";
  expect(made(question, "Let me see.\n\n## Moving **services** safely\n\nFirst ...")).toBe("Moving services safely");
  expect(made("Which database?", "# Databases\n\n...")).toBe("Which database?");
});

test("a greeting names nothing, and what follows it does", () => {
  expect(made("Hello there")).toBeUndefined();
  expect(made("Can you help me?")).toBeUndefined();
  expect(
    titleOfExchange([
      { question: "hi", answer: "Hello." },
      { question: "My invoice is wrong", answer: "Which one?" },
    ]),
  ).toBe("My invoice is wrong");
});

test("the first message always gives a title", () => {
  expect(titleOfFirst("hello")).toBe("Hello");
  expect(titleOfFirst("")).toBe(untitled);
  expect(titleOfFirst("\u202e\u200b \n")).toBe(untitled);
  expect(titleOfFirst("```js\nconst limit = 1\n```")).toBe("Const limit = 1");
});

test("no text is too long, and no character is cut in two", () => {
  for (const text of [
    "x".repeat(200_000),
    "👩‍🚀".repeat(60_000),
    `a${"𝒳".repeat(90)}`,
    "- ".repeat(90_000),
    "\ud800 half",
  ]) {
    const title = titleOfFirst(text);
    expect(title.length).toBeLessThanOrEqual(61);
    expect(title.isWellFormed()).toBe(true);
    expect(title).not.toBe("");
  }
});

test("questions and answers are read from the items of a history", () => {
  expect(
    exchangeOf([
      { role: "user", content: "Where is my order?" },
      { type: "function_call", callId: "c", name: "find_order", arguments: "{}" },
      { role: "assistant", status: "completed", content: [{ type: "output_text", text: "On its way." }] },
      { role: "user", content: [{ type: "input_text", text: "Thanks" }] },
    ]),
  ).toEqual([
    { question: "Where is my order?", answer: "On its way." },
    { question: "Thanks", answer: "" },
  ]);
});
