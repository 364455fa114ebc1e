import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { beforeAll, expect, test } from "vitest";
import { ownRun, type User } from "./access.ts";
import { limit } from "./limits.ts";
import { outsideRequests } from "./outside.ts";
import { decide } from "./runs/decide.ts";
import { startTurn } from "./runs/start.ts";
import { migrateWith } from "./runs/testing/people.ts";
import { firstWords, watched } from "./runs/testing/viewing.ts";

const alice: User = { id: "alice", name: "Alice", email: "alice@example.com", role: "member" };

beforeAll(() => migrateWith(alice));

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
  await firstWords(await ownRun(alice, result.run));
  expect(await isHeld(request)).toBe(false);
  const run = await ownRun(alice, result.run);
  expect(run.status).toBe("running");
  await new Response(watched(run)).text();
});

test("so it does when what goes on is an answer that has waited for a decision", async () => {
  const text = "Refund charge ch_1043";
  const { run: id } = await startTurn(alice, { operation: randomUUID(), text, agent: "billing" });
  await new Response(watched(await ownRun(alice, id))).text();
  const [asked] = (await ownRun(alice, id)).approvals ?? [];
  const { request } = await asRequest(() => decide(alice, { run: id, call: asked?.call ?? "", approved: true }));
  expect(await isHeld(request)).toBe(false);
  const run = await ownRun(alice, id);
  expect(run.status).toBe("running");
  await new Response(watched(run)).text();
});

test("a limit remembers who has asked, and not with what", async () => {
  const { request } = await asRequest(() => limit("signIn", "carol@example.com"));
  expect(await isHeld(request)).toBe(false);
});
