import { describe, expect, test } from "vitest";
import { assistant, user } from "./conformance/harness.ts";
import { MemorySession } from "./places.ts";
import { exportSession, importSession } from "./transfer.ts";

const at = "2026-11-22T10:00:00.000Z";
const message = (id: string, parent_id: string | null, text = id) => {
  return { id, parent_id, agent: null, created_at: at, item: user(text) };
};
const own = (rest: object) => ({
  format: "switchboard.conversation",
  version: 1,
  conversation_id: "alice:support/1",
  exported_at: at,
  head: null,
  branches: [],
  messages: [],
  ...rest,
});

async function imported(document: unknown) {
  const session = new MemorySession();
  await importSession(document, session);
  return session;
}

describe("a document", () => {
  test("is flat, linked to parents, each item once", async () => {
    const session = new MemorySession({ conversationId: "alice:support/1" });
    await session.addItems([user("a"), assistant("b")]);
    await (await session.fork(1, "other")).addItems([assistant("c")]);
    const document = await exportSession(session);
    expect(document).toMatchObject({
      format: "switchboard.conversation",
      version: 1,
      conversation_id: "alice:support/1",
      head: "m2",
      branches: [
        { name: "main", head: "m2", current: true },
        { name: "other", head: "m3", current: false },
      ],
      messages: [
        { id: "m1", parent_id: null, item: user("a") },
        { id: "m2", parent_id: "m1", item: assistant("b") },
        { id: "m3", parent_id: "m1", item: assistant("c") },
      ],
    });
  });

  test("may list its messages in any order, with branches that no branch names", async () => {
    const messages = [message("m3", "m2"), message("lost", "m1"), message("m1", null), message("m2", "m1")];
    const session = await imported(
      own({ messages, head: "m3", branches: [{ name: "main", head: "m3", current: true }] }),
    );
    expect((await session.getItems()).length).toBe(3);
    await session.switchTo("branch 2");
    expect(await session.getItems()).toEqual([user("m1"), user("lost")]);
  });

  test("without branches is one straight branch to its head", async () => {
    const session = await imported(own({ messages: [message("m1", null), message("m2", "m1")], head: "m2" }));
    expect((await session.branches()).map(({ name, length }) => [name, length])).toEqual([["main", 2]]);
  });

  test("that is plain messages is one straight branch", async () => {
    const messages = [
      { role: "system", content: "Be kind" },
      { role: "user", content: "Hi" },
      { role: "assistant", content: "Hello" },
    ];
    const session = await imported({ conversation_id: "old", exported_at: at, messages });
    expect(await session.getItems()).toEqual([{ role: "system", content: "Be kind" }, user("Hi"), assistant("Hello")]);
    expect((await session.history())[0]?.createdAt).toBe(Date.parse(at));
  });

  test.each([
    ["no JSON", "{", /not JSON/],
    ["nothing", null, /wrong at its start/],
    ["no messages", { conversation_id: "x" }, /wrong at messages/],
    ["a newer version", own({ version: 2 }), /version 2/],
    ["a parent that is missing", own({ messages: [message("m1", "m0")], head: "m1" }), /"m0"/],
    ["a head that is missing", own({ head: "m9" }), /"m9"/],
    ["a circle", own({ messages: [message("m1", "m2"), message("m2", "m1")], head: "m1" }), /ancestors/],
    ["an id twice", own({ messages: [message("m1", null), message("m1", null)], head: "m1" }), /same id/],
    [
      "an item that is none",
      own({ messages: [{ ...message("m1", null), item: "text" }], head: "m1" }),
      /messages\.0\.item/,
    ],
    ["a role nobody knows", { messages: [{ role: "robot", content: "x" }] }, /number 1.*"robot"/],
    ["a date that is none", { exported_at: "yesterday", messages: [] }, /exported_at/],
  ])("with %s is refused, and nothing comes in", async (_name, document, reason) => {
    const session = new MemorySession();
    await expect(importSession(document, session)).rejects.toMatchObject({
      code: "document_invalid",
      message: expect.stringMatching(reason),
    });
    expect(await session.info()).toBeUndefined();
  });
});
