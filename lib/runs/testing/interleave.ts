import { setTimeout as pause } from "node:timers/promises";
import fc from "fast-check";
import { expect } from "vitest";
import type { ThreadMessage } from "#lib/thread.ts";
import type { Home } from "./home.ts";
import { type Fold, type Kind, kinds, Scene, type Sent, type Step } from "./scene.ts";

/** Many conversations at once, each with two clients that do anything in any order, and what must hold afterwards. */

const scenesOfRound = 8;

const kind = fc.oneof(
  ...Object.entries(kinds).map(([name, weight]) => ({ arbitrary: fc.constant(name as Kind), weight })),
);
const step: fc.Arbitrary<Step> = fc.record({ kind, instance: fc.nat(1), choice: fc.nat(1000), wait: fc.nat(120) });
const client = fc.array(step, { minLength: 4, maxLength: 10 });
const round = fc.array(fc.tuple(client, client), { minLength: scenesOfRound, maxLength: scenesOfRound });

const textOf = (item: { content?: unknown }): string => (typeof item.content === "string" ? item.content : "");
const isUser = (item: object): boolean => "role" in item && item.role === "user";

/** Everything that must hold when all is quiet again. */
async function examine(scene: Scene, home: Home): Promise<void> {
  const { conversation } = await scene.begin();
  const instance = await home.instance(0);
  const stored = await quiet(scene, home, conversation);

  for (const [operation, message] of scene.sent) {
    const items = stored.items.filter((row) => row.run === operation && isUser(JSON.parse(String(row.item))));
    const waiting = stored.queue.filter((row) => row.id === operation);
    const found = [
      ...items.map((row) => textOf(JSON.parse(String(row.item)))),
      ...waiting.map((row) => String(row.text)),
    ];
    expect(found.length, `${operation} ${JSON.stringify(message)} was found as ${JSON.stringify(found)}`).oneOf(
      allowed(message),
    );
    for (const text of found) expect(message.texts).toContain(text);
  }
  const said = stored.items.map((row) => JSON.parse(String(row.item))).filter(isUser);
  expect(said.length).toBe(new Set(said.map(textOf)).size);

  const live = stored.runs.filter((run) => !ends.has(String(run.status)));
  expect(live).toEqual([]);

  const shown = new Map<string, ThreadMessage>();
  for (const { id, items } of stored.branches) {
    checkOrder(items);
    const thread = await instance.ask("open", scene.user, { conversation, branch: id });
    for (const message of thread.messages) {
      const before = shown.get(message.id);
      if (before) expect(plain(message)).toEqual(plain(before));
      shown.set(message.id, message);
    }
  }
  for (const viewer of scene.viewers) {
    const seen = await viewer.message;
    checkNumbers(viewer.numbers);
    const message = shown.get(viewer.run);
    if (message) expect(plain(seen)).toEqual(plain(message));
    else expect(seen.parts).toEqual([]);
  }
}

const ends = new Set(["completed", "failed", "stopped", "interrupted"]);

/** How often a message may be found after what its sender was told. */
function allowed({ outcome, takenBack }: Sent): number[] {
  if (takenBack === "acknowledged") return [0];
  if (outcome === "refused") return [0];
  if (outcome === "unknown" || takenBack === "unknown") return [0, 1];
  return [1];
}

async function quiet(scene: Scene, home: Home, conversation: string) {
  const instance = await home.instance(0);
  for (let attempt = 0; ; attempt++) {
    const stored = await instance.ask("stored", scene.user, { conversation });
    if (stored.runs.every(({ status }) => ends.has(String(status)))) return stored;
    if (attempt > 400) throw new Error(`A run goes on for ever: ${JSON.stringify(stored.runs)}`);
    await pause(25);
  }
}

/** Positions without a gap, each question before its one answer, each call before its one result. */
function checkOrder(items: readonly { position: number; run: string | null; item: object }[]): void {
  expect(items.map(({ position }) => position)).toEqual(items.map((_, index) => index));
  let run: string | null | undefined;
  let open = new Set<string>();
  for (const { item, run: by } of items) {
    if (isUser(item)) {
      expect([...open], "a call without a result").toEqual([]);
      run = undefined;
      continue;
    }
    expect(run ?? by, "two runs answer one message").toBe(by);
    run = by;
    if (!("callId" in item) || !("type" in item)) continue;
    const call = String(item.callId);
    if (item.type === "function_call") open = new Set([...open, call]);
    else expect(open.delete(call), "a result without its call").toBe(true);
  }
  expect([...open], "a call without a result").toEqual([]);
}

function checkNumbers(numbers: readonly number[]): void {
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
}

/** What a person sees of a message. */
const plain = ({ id, role, parts, metadata }: ThreadMessage): unknown =>
  JSON.parse(JSON.stringify({ id, role, parts, status: metadata?.status, agent: metadata?.agent }));

let made = 0;

/** Plays so many rounds. Rejects with the seed, and with what was done in the conversation that did not end well. */
export async function playRounds(home: Home, fold: Fold, { seed, rounds }: { seed: number; rounds: number }) {
  await fc.assert(
    fc.asyncProperty(round, async (scripts) => {
      const scenes = scripts.map(() => new Scene(`person-${++made}`, home, fold));
      const plays = scenes.flatMap((scene, index) => {
        const [one = [], two = []] = scripts[index] ?? [];
        return [scene.play("one", one), scene.play("two", two)];
      });
      // One crash at least, in the middle of it all.
      await Promise.all([...plays, pause(400).then(() => home.crash(1))]);
      await home.recover(0);
      for (const scene of scenes) {
        await examine(scene, home).catch((error: unknown) => {
          throw new Error(`${scene.story.join("\n")}\n${error}`, { cause: error });
        });
      }
    }),
    { seed, numRuns: rounds, endOnFailure: true },
  );
}
