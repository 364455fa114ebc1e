import { randomUUID } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { client } from "#db/client.ts";
import { migrate } from "#db/migrate.ts";
import { migrateSessions } from "#db/migrations/sessions.ts";
import { ownConversation, ownRun, type User } from "./access.ts";
import { createAccount, createGuest } from "./accounts.ts";
import { listen } from "./inbox.ts";
import { openThread } from "./open-thread.ts";
import { queueMessage } from "./runs/queue.ts";
import { startTurn } from "./runs/start.ts";
import { watched } from "./runs/testing/viewing.ts";

beforeAll(async () => {
  await migrate(client());
  await migrateSessions(client());
});
const ask = (user: User, text: string) => startTurn(user, { operation: randomUUID(), text });
const watch = async (user: User, run: string) => new Response(watched(await ownRun(user, run))).text();

const becomeAccount = (guest: User, name: string) =>
  createAccount({ name, email: `${name}@example.com` }, { open: true, guest });

test("an answer that is being written goes along when a guest becomes an account, whose tabs hear of its end", async () => {
  const guest = await createGuest();
  const sent = await ask(guest, "Tell me about yourself");
  const watched = watch(guest, sent.run);
  const yan = await becomeAccount(guest, "yan");
  const heard: string[] = [];
  const leave = listen(yan.id, (conversation) => heard.push(conversation));
  expect(await watched).toContain('"status":"completed"');
  await expect.poll(() => heard).toContain(sent.conversation);
  leave();
});

test("what waits goes along too, and is answered", async () => {
  const guest = await createGuest();
  const sent = await ask(guest, "Tell me about yourself");
  const place = { conversation: sent.conversation, branch: sent.branch };
  const waiting = await queueMessage(guest, { operation: randomUUID(), text: "What did I say first?", ...place });
  const zoe = await becomeAccount(guest, "zoe");
  await expect.poll(() => ownRun(zoe, waiting.id).catch(() => undefined)).toBeDefined();
  expect(await watch(zoe, waiting.id)).toContain('"status":"completed"');
  const { messages, queue } = await openThread(await ownConversation(zoe, sent.conversation));
  expect(messages.map(({ metadata, role }) => metadata?.status ?? role)).toEqual([
    "user",
    "completed",
    "user",
    "completed",
  ]);
  expect(queue).toEqual([]);
});
