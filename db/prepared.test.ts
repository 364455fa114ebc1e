import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, createClient } from "@libsql/client";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openFile } from "./prepared.ts";

let folder: string;
let url: string;
let client: Client;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "prepared-"));
  url = `file:${join(folder, "of 100%25 use.db")}`;
  client = openFile({ url, concurrency: 1, timeout: 25 });
  await client.batch(["PRAGMA user_version", "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT UNIQUE)"], "write");
});

afterEach(() => {
  client.close();
  rmSync(folder, { recursive: true });
});

const add = (text: string) => ({ sql: "INSERT INTO notes (text) VALUES (?)", args: [text] });
const all = "SELECT id, text FROM notes ORDER BY id";

describe("statements that are kept prepared", () => {
  test("give what the package's own client gives, again and again", async () => {
    const own = createClient({ url, concurrency: 1 });
    for (const text of ["one", "two", "three"]) {
      const added = await client.execute(add(text));
      expect([added.rowsAffected, added.columns, added.rows]).toEqual([1, [], []]);
      const [mine, theirs] = [await client.execute(all), await own.execute(all)];
      expect(mine).toEqual(theirs);
      expect(mine.rows.map((row) => [row.id, row[1], row.length])).toEqual(
        theirs.rows.map((row) => [row.id, row[1], row.length]),
      );
    }
    const returning = "INSERT INTO notes (text) VALUES (?) RETURNING id, length(text) AS size";
    for (const [text, size] of [
      ["four", 4],
      ["seventy", 7],
    ] as const) {
      expect((await client.execute(returning, [text])).rows).toMatchObject([{ size }]);
    }
    own.close();
  });

  test("are as good as new after one has failed, in a batch too", async () => {
    await client.execute(add("one"));
    await expect(client.execute(add("one"))).rejects.toMatchObject({ code: expect.stringContaining("CONSTRAINT") });
    await expect(client.batch([add("two"), add("one"), add("three")], "write")).rejects.toMatchObject({
      statementIndex: 1,
    });
    await client.batch([add("two"), add("three")], "write");
    expect((await client.execute(all)).rows.map(({ text }) => text)).toEqual(["one", "two", "three"]);
  });

  test("see what another program does to the tables", async () => {
    const everything = "SELECT * FROM notes";
    await client.execute(add("one"));
    expect((await client.execute(everything)).rows).toMatchObject([{ id: 1, text: "one" }]);
    const other = createClient({ url, concurrency: 1 });
    await other.execute("ALTER TABLE notes ADD COLUMN colour TEXT DEFAULT 'grey'");
    await other.execute(add("two"));
    other.close();
    expect((await client.execute(all)).rows).toHaveLength(2);
    const { columns, rows } = await client.execute(everything);
    expect(columns).toEqual(["id", "text", "colour"]);
    expect(rows[1]).toMatchObject({ text: "two", colour: "grey" });
  });

  test("go with their connection", async () => {
    await client.execute(all);
    await client.reconnect();
    expect((await client.execute(all)).rows).toEqual([]);
  });

  test("are no more than a few hundred", async () => {
    for (let place = 0; place < 1000; place += 1) await client.execute(`SELECT ${place} AS place`);
    expect((await client.execute("SELECT 0 AS place")).rows).toMatchObject([{ place: 0 }]);
  });
});

test("a file that cannot be opened is an error at once", () => {
  expect(() => openFile({ url: `file:${join(folder, "nowhere", "a.db")}`, concurrency: 1 })).toThrow(/unable to open/i);
});
