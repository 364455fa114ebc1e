import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { client, database } from "#db/client.ts";
import { migrate } from "#db/migrate.ts";
import { migrateSessions } from "#db/migrations/sessions.ts";
import { namespaces, users } from "#db/schema.ts";
import { env } from "#env.ts";
import { ownConversation, ownRun, type User } from "#lib/access.ts";
import { startingNamespaces } from "#lib/namespaces.ts";
import { openThread } from "#lib/open-thread.ts";
import { queueMessage } from "./queue.ts";
import { startTurn } from "./start.ts";
import { watched } from "./testing/viewing.ts";

vi.hoisted(() => {
  process.env.SESSION_ENCRYPTION_KEYS = `one:${Buffer.alloc(32, 1).toString("base64")}`;
});

const folder = env.DATA_DIR;
const alice: User = { id: "alice", name: "Alice", email: null, role: "member" };

test("with keys nothing that is said can be read in the file but the title, while the thread reads as ever", async () => {
  await migrate(client());
  await migrateSessions(client());
  await database().insert(users).values(alice);
  await database().insert(namespaces).values(startingNamespaces(alice.id));
  const first = await startTurn(alice, {
    operation: randomUUID(),
    text: "Good evening to everybody. The word is xylophone. What did I say first?",
  });
  const place = { conversation: first.conversation, branch: first.branch };
  await queueMessage(alice, { operation: randomUUID(), text: "And then: marimba", ...place });
  expect(await new Response(watched(await ownRun(alice, first.run))).text()).toContain('"type":"finish"');
  const { messages, queue } = await openThread(await ownConversation(alice, first.conversation));
  expect(JSON.stringify([messages, queue])).toMatch(/xylophone.*marimba/s);

  await client().execute("PRAGMA wal_checkpoint(TRUNCATE)");
  const bytes = readFileSync(`${folder}/switchboard.db`);
  expect(bytes.includes("sealed:one:")).toBe(true);
  for (const word of ["xylophone", "marimba"]) expect(bytes.includes(word)).toBe(false);
});
