import { randomUUID } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { database } from "#db/client.ts";
import { runs } from "#db/schema.ts";
import { ownConversation, ownRun, type User } from "#lib/access.ts";
import { openThread } from "#lib/open-thread.ts";
import type { SendResult } from "#lib/thread.ts";
import { eventLog } from "./events/choose.ts";
import { begin, end, liveRuns } from "./live.ts";
import { startTurn } from "./start.ts";
import { migrateWith } from "./testing/people.ts";
import { firstWords, watched } from "./testing/viewing.ts";
import { windDown } from "./wind-down.ts";

const alice: User = { id: "alice", name: "Alice", email: null, role: "member" };

beforeAll(() => migrateWith(alice));

const say = (text: string) => startTurn(alice, { operation: randomUUID(), text });
const watch = async ({ run }: SendResult) => watched(await ownRun(alice, run));
const answerOf = async ({ conversation }: SendResult) =>
  (await openThread(await ownConversation(alice, conversation))).messages[1];

test("a process that ends leaves no run behind: what was written is kept, and who watches is told", async () => {
  const sent = await Promise.all([say("Tell me about yourself"), say("Tell me about yourself")]);
  await Promise.all(sent.map(async ({ run }) => firstWords(await ownRun(alice, run))));
  const streams = await Promise.all(sent.map(watch));
  await windDown();
  expect(liveRuns()).toEqual([]);
  for (const [index, each] of sent.entries()) {
    const seen = await new Response(streams[index]).text();
    const words = [...seen.matchAll(/"delta":"([^"]*)"/g)].map(([, word]) => word).join("");
    expect(seen).toContain('"status":"interrupted"');
    expect(seen.endsWith("data: [DONE]\n\n")).toBe(true);
    expect(await answerOf(each)).toMatchObject({
      metadata: { status: "interrupted" },
      parts: [{ type: "text", text: words.replaceAll("\\n", "\n") }],
    });
  }
});

test("a run that hangs is ended all the same, soon", async () => {
  const sent = await say("Hello");
  await new Response(await watch(sent)).text();
  const { branch, conversation } = sent;
  const hung = randomUUID();
  const row = { conversationId: conversation, branchId: branch, userId: alice.id, agent: "assistant", position: 2 };
  await database()
    .insert(runs)
    .values({ ...row, id: hung, status: "running", heartbeatAt: Date.now() });
  const signal = begin(hung);
  eventLog().append(hung, [
    { type: "start", messageId: hung },
    { type: "text-start", id: "text-1" },
    { type: "text-delta", id: "text-1", delta: "Half a sen" },
  ]);
  await windDown();
  expect(await ownRun(alice, hung)).toMatchObject({ status: "interrupted" });
  const { messages } = await openThread(await ownConversation(alice, conversation));
  expect(messages.at(-1)).toMatchObject({
    id: hung,
    parts: [{ type: "text", text: "Half a sen" }],
    metadata: { status: "interrupted" },
  });
  end(hung, signal);
});
