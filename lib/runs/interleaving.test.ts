import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Folding } from "#components/chat/fold.ts";
import type { ThreadMessage } from "#lib/thread.ts";
import { Instance } from "./testing/instances.ts";
import { type ModelServer, startModelServer } from "./testing/model-server.ts";
import { type Fold, type House, type Kind, kinds, Scene, type Sent, type Step } from "./testing/scene.ts";

/**
 * Whatever two clients do, in whatever order, while instances are ended in the middle of it: what
 * was acknowledged is there exactly once, nothing runs for ever, and everybody sees the same.
 */

const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
const rounds = 4;
const scenesOfRound = 8;
/** Between two pieces of an answer, in milliseconds. */
const gap = 6;

let model: ModelServer;
const folder = mkdtempSync(join(tmpdir(), "switchboard-interleaving-"));
let home: Home;

beforeAll(async () => {
  model = await startModelServer(gap);
  home = new Home();
});
afterAll(async () => {
  await home.close();
  await model.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Two instances on one file, and one that waits to take the place of one that is ended. */
class Home implements House {
  readonly #environment: NodeJS.ProcessEnv;
  readonly #slots: Promise<Instance>[];
  readonly #all = new Set<Instance>();
  #spare: Instance;
  #crashing: Promise<unknown> = Promise.resolve();
  crashes = 0;

  constructor() {
    this.#environment = {
      ...process.env,
      DATABASE_URL: `file:${join(folder, "switchboard.db")}`,
      DATA_DIR: folder,
      OPENAI_BASE_URL: model.url,
      OPENAI_MODEL: "scripted",
      AUTH_SECRET: "a secret of sixteen letters",
      REDIS_URL: "",
      SESSION_ENCRYPTION_KEYS: "",
      LOG_LEVEL: "fatal",
    };
    const [first, second] = [this.#make(), this.#make()];
    this.#spare = this.#make();
    const ready = first.ask("prepare", "").then(() => first);
    this.#slots = [ready, ready.then(() => second)];
  }

  #make(): Instance {
    const instance = new Instance(this.#environment);
    this.#all.add(instance);
    return instance;
  }

  instance(number: number): Promise<Instance> {
    return this.#slots[number % this.#slots.length] as Promise<Instance>;
  }

  async crash(number: number): Promise<void> {
    this.#crashing = this.#crashing.then(() => this.#replace(number % this.#slots.length));
    await this.#crashing;
  }

  async #replace(place: number): Promise<void> {
    this.crashes++;
    const dying = await this.#slots[place];
    if (dying) {
      await dying.kill();
      this.#all.delete(dying);
    }
    const next = this.#spare;
    this.#slots[place] = Promise.resolve(next);
    this.#spare = this.#make();
    await this.recover(place);
  }

  /** What a living instance finds after ten seconds, at once: the others say that they live, the dead do not. */
  async recover(place: number): Promise<void> {
    const silentSince = Date.now() + 1;
    await pause(2);
    for (const slot of this.#slots) await (await slot).ask("beat", "");
    await (await this.instance(place)).ask("recover", "", { silentSince });
  }

  async presume(number: number): Promise<void> {
    this.#crashing = this.#crashing.then(async () =>
      (await this.instance(number)).ask("recover", "", { silentSince: Date.now() + 1 }),
    );
    await this.#crashing;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all].map((instance) => instance.kill()));
  }
}

const kind = fc.oneof(
  ...Object.entries(kinds).map(([name, weight]) => ({ arbitrary: fc.constant(name as Kind), weight })),
);
const step: fc.Arbitrary<Step> = fc.record({ kind, instance: fc.nat(1), choice: fc.nat(1000), wait: fc.nat(120) });
const client = fc.array(step, { minLength: 4, maxLength: 10 });
const round = fc.array(fc.tuple(client, client), { minLength: scenesOfRound, maxLength: scenesOfRound });

const textOf = (item: { content?: unknown }): string => (typeof item.content === "string" ? item.content : "");
const isUser = (item: object): boolean => "role" in item && item.role === "user";

/** Everything that must hold when all is quiet again. */
async function examine(scene: Scene): Promise<void> {
  const { conversation } = await scene.begin();
  const instance = await home.instance(0);
  const stored = await quiet(scene, conversation);

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

const fold: Fold = (run, chunks) => {
  const folding = new Folding(run);
  for (const chunk of chunks) folding.add(chunk);
  return folding.message;
};

const ends = new Set(["completed", "failed", "stopped", "interrupted"]);

/** How often a message may be found after what its sender was told. */
function allowed({ outcome, takenBack }: Sent): number[] {
  if (takenBack === "acknowledged") return [0];
  if (outcome === "refused") return [0];
  if (outcome === "unknown" || takenBack === "unknown") return [0, 1];
  return [1];
}

async function quiet(scene: Scene, conversation: string) {
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

test(`any interleaving of two clients and crashes ends well (seed ${seed})`, { timeout: 200_000 }, async () => {
  let number = 0;
  await fc.assert(
    fc.asyncProperty(round, async (scripts) => {
      const name = ++number;
      const scenes = scripts.map((_, index) => new Scene(`person-${name}-${index}`, home, fold));
      await Promise.all(
        scenes.map((scene, index) => {
          const [one = [], two = []] = scripts[index] ?? [];
          return Promise.all([scene.play("one", one), scene.play("two", two)]);
        }),
      );
      await home.recover(0);
      for (const scene of scenes) {
        await examine(scene).catch((error: unknown) => {
          throw new Error(`${scene.story.join("\n")}\n${error}`, { cause: error });
        });
      }
    }),
    { seed, numRuns: rounds, endOnFailure: true },
  );
  expect(home.crashes).toBeGreaterThan(0);
});
