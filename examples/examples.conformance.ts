import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, test } from "vitest";
import { testSession } from "../lib/sessions/conformance/session.ts";
import { testSessionStore } from "../lib/sessions/conformance/store.ts";
import { newId } from "../lib/sessions/ids.ts";
import { StoreSession } from "../lib/sessions/session.ts";
import { startRedis } from "../lib/sessions/testing/servers.ts";
import { FolderStore } from "./custom-backend.ts";

const folder = mkdtempSync(join(tmpdir(), "examples-"));
const examples = readdirSync(import.meta.dirname).filter(
  (name) => name.endsWith(".ts") && !name.includes("conformance"),
);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What an example prints. */
async function printed(name: string, ...rest: unknown[]): Promise<string[]> {
  const lines: string[] = [];
  const { main } = await import(/* @vite-ignore */ join(import.meta.dirname, `${name}.ts`));
  await main((line: unknown) => lines.push(String(line)), ...rest);
  return lines;
}

const EXPECTED: Record<string, string[]> = {
  "basic-memory": ["Your name is Alice.", "4 items are remembered."],
  "in-memory": ["Before: 2 items", "Taken back: message", "After: 0 items"],
  "natural-references": [
    "> When was the Golden Gate Bridge opened?",
    "It was opened in 1937.",
    "> Where is it?",
    "The Golden Gate Bridge is in San Francisco.",
    "> How do I get there?",
    "To the Golden Gate Bridge? Take bus 28.",
  ],
  "remembered-preferences": ["I'll remember that.", 'What is known of the user: {"diet":"vegetarian"}'],
  summarisation: ["The conversation so far, in short:\nThey spoke of 1, 2, 3.", "The model gets 7 items, 12 are kept."],
  "three-specialists": [
    "Sorry to hear that. Ticket T-7.",
    "Refunded, for ticket T-7.",
    "A new lamp is 40 euros.",
    "3 turns in one conversation",
  ],
  triage: [
    "Billing: Your invoice is right.",
    "Supervisor: I'll see to it myself.",
    "My invoice is wrong. (Triage -> Billing)",
    "That is unacceptable! (Billing -> Supervisor)",
  ],
  namespaces: ["Your secret is swordfish.", "Your secret is nothing.", "alice:support/1"],
  metadata: [
    '{"title":"Order A-17","priority":"low","tags":["delivery"]}',
    "2 items, 1 turn, last active after it began",
    "Used: 1 request",
    "read 0, append 2, metadata 0, metadata 0",
  ],
  branching: ["  main: 4 items", "* by plane: 4 items", "Version 2 / 2", "And by plane?"],
  "export-import": ["2 items on 1 branch came in.", "Your dog is called Rex.", "Your dog is called Bella."],
  encryption: ["Kept: encrypted", "2 items have a new key.", "My knee hurts."],
};

describe("the examples", () => {
  test.each(Object.entries(EXPECTED))("%s", async (name, lines) => {
    assert.deepEqual(await printed(name), lines);
  });

  test("persistent-file", async () => {
    const lines = await printed("persistent-file", join(folder, "conversations.db"));
    assert.deepEqual(lines, ["You live in Lisbon.", "You live in nothing."]);
  });

  test("clean-up", async () => {
    const lines = await printed("clean-up", join(folder, "clean-up.db"));
    assert.deepEqual(lines, ["Would remove alice:chat/1, bob:chat/1", "Removed alice:chat/1", "Left: bob:chat/1"]);
  });

  test("resume, in two processes", () => {
    const once = () =>
      execFileSync(process.execPath, [join(import.meta.dirname, "resume.ts"), join(folder, "resume.db")], {
        encoding: "utf8",
      });
    assert.equal(once(), "See you tomorrow.\n");
    assert.equal(once(), "Welcome back after 1 turns.\nWe were at chapter 3.\n");
  });

  test("redis-ttl", async () => {
    const redis = await startRedis();
    const lines = await printed("redis-ttl", redis.url, 60);
    assert.deepEqual(lines, ["You said hello.", "4 items, forgotten in 60 seconds"]);
    await redis.stop();
  });

  test("are short, and all of them are here", () => {
    const others = ["model", "custom-backend", "persistent-file", "clean-up", "resume", "redis-ttl"];
    assert.deepEqual(examples, [...Object.keys(EXPECTED), ...others].map((name) => `${name}.ts`).sort());
    for (const name of examples) {
      const lines = readFileSync(join(import.meta.dirname, name), "utf8")
        .trimEnd()
        .split("\n").length;
      assert.ok(lines < 60, `${name} has ${lines} lines`);
    }
  });
});

describe("a store of somebody's own", () => {
  const open = async () => new FolderStore(join(folder, newId()));
  testSessionStore({ test, open });
});

describe("a session in a store of somebody's own", () => {
  const store = new FolderStore(join(folder, "sessions"));
  testSession({ test, open: async (id, options) => new StoreSession({ ...options, store, id }) });
});
