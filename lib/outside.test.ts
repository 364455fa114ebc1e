import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { client, database } from "#db/client.ts";
import { migrate } from "#db/migrate.ts";
import { migrateSessions } from "#db/migrations/sessions.ts";
import { namespaces, users } from "#db/schema.ts";
import { ownRun, type User } from "./access.ts";
import { limit } from "./limits.ts";
import { startingNamespaces } from "./namespaces.ts";
import { outsideRequests } from "./outside.ts";
import { startTurn } from "./runs/start.ts";
import { watched } from "./runs/testing/viewing.ts";

const folder = vi.hoisted(() => {
  const path = `${process.env.TMPDIR ?? "/tmp"}/switchboard-outside-${process.pid}-${Date.now()}`;
  Object.assign(process.env, { DATA_DIR: path, LOG_LEVEL: "silent", REDIS_URL: "" });
  return path;
});

const alice: User = { id: "alice", name: "Alice", email: "alice@example.com", role: "member" };

beforeAll(async () => {
  await migrate(client());
  await migrateSessions(client());
  await database().insert(users).values(alice);
  await database().insert(namespaces).values(startingNamespaces(alice.id));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** As Next does it: what belongs to a request goes along with all that it begins. */
const requests = new AsyncLocalStorage<object>();

async function asRequest<Result>(
  perform: () => Promise<Result>,
): Promise<{ result: Result; request: WeakRef<object> }> {
  const request = {};
  return { result: await requests.run(request, perform), request: new WeakRef(request) };
}

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

async function isHeld(request: WeakRef<object>): Promise<boolean> {
  await setImmediate();
  collectGarbage();
  return request.deref() !== undefined;
}

test("what is begun inside a request goes on outside it, and what is begun otherwise stays in it", async () => {
  const seen = await requests.run({}, async () => [
    requests.getStore(),
    await outsideRequests(async () => {
      await setImmediate();
      return requests.getStore();
    }),
    requests.getStore(),
  ]);
  expect(seen).toEqual([{}, undefined, {}]);
});

test("a request ends with its answer, though the run that it began goes on", async () => {
  const begin = () => startTurn(alice, { operation: randomUUID(), text: "Hello!" });
  // The libraries make what they need at the first run, and keep it.
  await new Response(watched(await ownRun(alice, (await begin()).run))).text();
  const { result, request } = await asRequest(begin);
  const reader = watched(await ownRun(alice, result.run)).getReader();
  const decoder = new TextDecoder();
  for (let text = ""; !text.includes('"text-delta"'); ) text += decoder.decode((await reader.read()).value);
  expect(await isHeld(request)).toBe(false);
  expect((await ownRun(alice, result.run)).status).toBe("running");
  while (!(await reader.read()).done);
});

test("a limit remembers who has asked, and not with what", async () => {
  const { request } = await asRequest(() => limit("signIn", "carol@example.com"));
  expect(await isHeld(request)).toBe(false);
});
