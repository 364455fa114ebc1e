import { expect, test } from "vitest";
import { type Prepared, prepare } from "./prepare.ts";

const now = Date.UTC(2026, 10, 22);
/** More than the stack of a function that calls itself could hold. */
const length = 30_000;

function ready(value: unknown): Prepared {
  const prepared = prepare(value, undefined, now);
  if ("reason" in prepared) throw new Error(prepared.reason);
  return prepared;
}

test("a very long chain of linked messages is one branch", () => {
  const mapping: Record<string, unknown> = {};
  for (let index = 0; index < length; index++) {
    mapping[`n${index}`] = {
      parent: index === 0 ? null : `n${index - 1}`,
      children: [`n${index + 1}`],
      message: { author: { role: index % 2 ? "assistant" : "user" }, content: { content_type: "text", parts: ["x"] } },
    };
  }
  expect(ready({ id: "long", mapping })).toMatchObject({ messages: length, branches: 1 });
});

test("very deeply nested messages are one branch", () => {
  let tree: Record<string, unknown> | undefined;
  for (let index = length; index > 0; index--) {
    tree = { messageId: `n${index}`, isCreatedByUser: true, text: "x", children: tree ? [tree] : [] };
  }
  expect(ready({ conversationId: "deep", messagesTree: [tree] })).toMatchObject({ messages: length, branches: 1 });
});

test("messages nested a million deep are counted, and refused with the number", () => {
  let tree: Record<string, unknown> = { text: "x" };
  for (let depth = 1; depth < 1_000_000; depth++) tree = { text: "x", children: [tree] };
  expect(prepare({ conversationId: "deep", messagesTree: [tree] }, undefined, now)).toMatchObject({
    reason: "It has 1,000,000 messages, and 200,000 is the most.",
  });
});

test("nested messages with the same id keep their own answers", () => {
  const again = (text: string) => ({ messageId: "same", text, children: [{ messageId: text, text: `After ${text}` }] });
  const prepared = ready({ conversationId: "same", messagesTree: [again("one"), again("two")] });
  expect(prepared).toMatchObject({ messages: 4, branches: 2 });
  expect(prepared.notes.list()).toContain("Two messages have the same id; both came in.");
  const texts = JSON.stringify(prepared.change.items);
  for (const text of ["one", "After one", "two", "After two"]) expect(texts).toContain(`"${text}"`);
});

test("a long chain that ends in a circle is cut once", () => {
  const chat_messages = Array.from({ length: 30_000 }, (_, index) => ({
    uuid: `c${index}`,
    parent_message_uuid: `c${(index + 1) % 30_000}`,
    sender: "human",
    text: "x",
  }));
  const prepared = ready({ uuid: "round", chat_messages });
  expect(prepared).toMatchObject({ messages: 30_000, branches: 1 });
  expect(prepared.notes.list()).toContain("Messages follow each other in a circle; it was cut.");
});

test("of very many versions the newest come in, and the rest is told", () => {
  const start = { messageId: "q", parentMessageId: null, isCreatedByUser: true, text: "Again" };
  const answers = Array.from({ length: 5_000 }, (_, index) => ({
    messageId: `a${index}`,
    parentMessageId: "q",
    text: `Answer ${index}`,
    createdAt: new Date(now - 1_000_000 + index).toISOString(),
  }));
  const prepared = ready({ conversationId: "many", messages: [start, ...answers] });
  expect(prepared.branches).toBe(1000);
  expect(prepared.notes.list()).toContain("It has 5000 versions; the newest 1000 come in.");
  expect(JSON.stringify(prepared.change.items)).toContain("Answer 4999");
});

test("a conversation of more messages than a server should bear is refused with the number", () => {
  const messages = Array.from({ length: 200_001 }, () => ({ role: "user", content: "x" }));
  expect(prepare({ conversation_id: "huge", messages }, undefined, now)).toMatchObject({
    reason: "It has 200,001 messages, and 200,000 is the most.",
  });
});

test("fields of any type in any place never break a reader", () => {
  const odd: unknown[] = [null, 0, "", "x", [], {}, [null], { toString: 1 }, true, Number.MAX_VALUE];
  for (const value of odd) {
    for (const frame of [
      { id: value, title: value, mapping: { a: value, b: { parent: value, children: value, message: value } } },
      { mapping: { a: { message: { author: value, content: value, metadata: value, weight: value } } } },
      { mapping: { a: { message: { author: { role: "user" }, content: { content_type: value, parts: value } } } } },
      { uuid: value, chat_messages: [value, { sender: value, content: value, text: value, created_at: value }] },
      { chat_messages: [{ sender: "assistant", content: [value, { type: value, input: value, content: value }] }] },
      { conversationId: "x", messages: [value, { messageId: value, text: value, content: value, files: value }] },
      {
        conversationId: "x",
        messages: [
          {
            content: [
              { type: "tool_call", tool_call: value },
              { type: "text", text: value },
            ],
          },
        ],
      },
      { conversationId: "x", messagesTree: [value, { children: value, text: "x" }] },
      {
        chat: {
          history: { currentId: value, messages: { a: value, b: { role: value, content: value, output: value } } },
        },
      },
      { chat: { history: { messages: { b: { role: "assistant", output: [value], sources: value, error: value } } } } },
      { conversation_id: value, messages: [value, { role: value, content: value, tool_calls: value }] },
      { format: "switchboard.conversation", messages: value, branches: value },
    ]) {
      const prepared = (() => {
        try {
          return prepare(frame, undefined, now);
        } catch (error) {
          if (error instanceof Error && error.name === "SessionError") return undefined;
          throw new Error(`${JSON.stringify(frame)}: ${String(error)}`);
        }
      })();
      expect(prepared === undefined || "reason" in prepared || prepared.messages >= 0).toBe(true);
    }
  }
});
