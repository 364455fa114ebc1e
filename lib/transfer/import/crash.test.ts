import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { and, eq, isNull } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { client, database } from "#db/client.ts";
import { migrate } from "#db/migrate.ts";
import { migrateSessions } from "#db/migrations/sessions.ts";
import { conversations, namespaces, users } from "#db/schema.ts";
import { env } from "#env.ts";
import { startingNamespaces } from "#lib/namespaces.ts";
import { backfillSearch } from "#lib/search/backfill.ts";
import { search } from "#lib/search.ts";

const folder = env.DATA_DIR;

const root = join(import.meta.dirname, "../../..");
const user = { id: "ana", name: null, email: "ana@example.com", role: "member" as const };
const path = join(folder, "many.json");
/** Some are so long that they are stored in parts. No round comes past more than one of them before it is killed. */
const lengths = Array.from({ length: 40 }, (_, place) => ([12, 25, 39].includes(place) ? 2500 : 20));

beforeAll(async () => {
  await migrate(client());
  await migrateSessions(client());
  await database().insert(users).values({ id: user.id, email: user.email, role: user.role });
  await database().insert(namespaces).values(startingNamespaces(user.id, 1000));
  const file = lengths.map((length, place) => ({
    conversation_id: `c${place}`,
    title: `Conversation ${place}`,
    messages: Array.from({ length }, (_, index) => ({ role: "user", content: `Words${place} number${index}` })),
  }));
  writeFileSync(path, JSON.stringify(file));
});
afterAll(() => client().close());

/** `npm run import` in a process of its own; `onImported` hears of each conversation that came in. */
async function run(onImported: (count: number, kill: () => void) => void) {
  const script = join(root, "scripts/import.ts");
  const child = spawn(process.execPath, [script, "--user", user.email, path], {
    cwd: root,
    env: { ...process.env, DATA_DIR: folder, LOG_LEVEL: "error" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  const counts = { imported: 0, present: 0 };
  for await (const line of createInterface({ input: child.stdout })) {
    const [status = ""] = line.split(" ");
    if (status === "present") counts.present += 1;
    if (status === "imported") onImported(++counts.imported, () => child.kill("SIGKILL"));
  }
  const [code] = await ended;
  return { code, ...counts };
}

test("an import that is killed again and again goes on each time, and brings everything in once", async () => {
  const seed = Date.now() % 1_000_000;
  console.info(`seed ${seed}`);
  const random = numbers(seed);
  for (let round = 0; round < 3; round++) {
    const last = 1 + random(7);
    const { code } = await run((count, kill) => {
      if (count === last) void wait(random(40)).then(kill);
    });
    expect(code).toBeNull();
  }
  const { code, imported, present } = await run(() => {});
  expect(code).toBe(0);
  expect(imported + present).toBe(lengths.length);
  expect(imported).toBeLessThan(lengths.length);
  expect(await run(() => {})).toEqual({ code: 0, imported: 0, present: lengths.length });

  const rows = await database()
    .select({ title: conversations.title })
    .from(conversations)
    .where(and(eq(conversations.userId, user.id), isNull(conversations.deletedAt)));
  expect(rows.map(({ title }) => title).sort()).toEqual(lengths.map((_, place) => `Conversation ${place}`).sort());
  const items = await client().execute(
    "SELECT count(*) AS count, count(DISTINCT item) AS different FROM sessions_items",
  );
  const all = lengths.reduce((sum, length) => sum + length, 0);
  expect(items.rows[0]).toMatchObject({ count: all, different: all });
  // As a server does when it starts.
  await backfillSearch();
  for (const [place, length] of lengths.entries()) {
    const { hits } = await search(user, `"Words${place} number${length - 1}"`);
    expect(hits.map(({ messages }) => messages.length)).toEqual([1]);
  }
}, 60_000);

/** Whole numbers below a limit, the same ones for the same seed. */
function numbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}
