import { describe, expect, it } from "vitest";
import { remember } from "./memory.ts";

const facts = (...texts: string[]) => Object.fromEntries(remember(texts).facts);

describe("remember", () => {
  it.each([
    ["My name is Alice", { name: "Alice" }],
    ["my name's Alice and I live in Porto.", { name: "Alice", home: "Porto" }],
    ["Hi, I'm Bob!", { name: "Bob" }],
    ["Please call me Ana.", { name: "Ana" }],
    ["My name is Mary Ann Evans, nice to meet you", { name: "Mary Ann Evans" }],
    ["I am from New Zealand.", { origin: "New Zealand" }],
    ["I work as a nurse", { work: "a nurse" }],
    ["My favourite colour is teal and my dog's name is Rex.", { "favorite color": "teal", "dog's name": "Rex" }],
    ["my order number is A-1043", { "order number": "A-1043" }],
    ['The person wrote: "My name is Alice."', { name: "Alice" }],
  ])("%s", (text, known) => {
    expect(facts(text)).toEqual(known);
  });

  it("learns nothing from questions and from states of mind", () => {
    expect(facts("What is my name?", "Is my name Alice?", "I'm sorry", "I am not sure", "I live in?")).toEqual({});
  });

  it("lets a later statement replace an earlier one", () => {
    expect(facts("My name is Alice", "Actually my name is Carol")).toEqual({ name: "Carol" });
  });

  it("collects likes and dislikes", () => {
    expect(remember(["I like tea but I hate mornings.", "I prefer window seats"]).likes).toEqual([
      { verb: "like", what: "tea" },
      { verb: "hate", what: "mornings" },
      { verb: "prefer", what: "window seats" },
    ]);
  });
});
