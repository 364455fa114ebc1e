import { afterAll, beforeAll, expect, test } from "vitest";
import { startSqld } from "#lib/sessions/testing/servers.ts";
import { openServer } from "./remote.ts";

/** Against a real libSQL server. */

let server: Awaited<ReturnType<typeof startSqld>>;
beforeAll(async () => {
  server = await startSqld();
});
afterAll(() => server.stop());

test("however many write at once from two processes, all of it is written, and the server goes on", async () => {
  const clients = [openServer({ url: server.url }), openServer({ url: server.url })];
  await clients[0]?.execute("CREATE TABLE words (word TEXT)");
  const write = { sql: "INSERT INTO words VALUES (?)", args: ["word".repeat(100)] };
  await Promise.all(
    Array.from({ length: 200 }, async (_, place) => {
      const client = clients[place % clients.length];
      for (let turn = 0; turn < 8; turn += 1) {
        await client?.batch([write, write, write, write], "write");
        await client?.execute("SELECT count(*) FROM words");
      }
    }),
  );
  expect((await clients[0]?.execute("SELECT count(*) AS count FROM words"))?.rows[0]?.count).toBe(200 * 8 * 4);
  for (const client of clients) client.close();
});

test("a write that fails holds up none of those behind it", async () => {
  const client = openServer({ url: server.url });
  await client.execute("CREATE TABLE numbers (number INTEGER PRIMARY KEY)");
  const write = (number: number) => client.execute({ sql: "INSERT INTO numbers VALUES (?)", args: [number] });
  const outcomes = await Promise.allSettled([write(1), write(1), write(2)]);
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  client.close();
});
