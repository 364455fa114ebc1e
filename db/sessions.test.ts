import { createClient } from "@libsql/client";
import { getTableConfig } from "drizzle-orm/sqlite-core";
import { describe, expect, test } from "vitest";
import { migrateSessions, SESSIONS_VERSION, SessionsTooNewError } from "./migrations/sessions.ts";
import { sessionTableNames, sessionTables } from "./sessions.ts";

describe("session tables", () => {
  test.each(["sessions", "my_chats"])("as drizzle knows them are as the migrations make them (%s)", async (table) => {
    const client = createClient({ url: ":memory:", concurrency: 1 });
    await migrateSessions(client, table);
    for (const one of Object.values(sessionTables(table))) {
      const { name, columns, primaryKeys, indexes } = getTableConfig(one);
      const keys = primaryKeys[0]?.columns.map((column) => column.name) ?? [];
      const made = await client.execute(`PRAGMA table_info("${name}")`);
      const isKey = (column: (typeof columns)[number]) => column.primary || keys.includes(column.name);
      expect(
        made.rows.map((row) => [row.name, String(row.type).toLowerCase(), row.notnull, Number(row.pk) > 0]),
      ).toEqual(columns.map((column) => [column.name, column.getSQLType(), column.notNull ? 1 : 0, isKey(column)]));
      const list = await client.execute(`PRAGMA index_list("${name}")`);
      const own = list.rows.filter((row) => row.origin === "c").map((row) => [row.name, row.unique]);
      expect(own.sort()).toEqual(indexes.map(({ config }) => [config.name, config.unique ? 1 : 0]).sort());
      for (const { config } of indexes) {
        const info = await client.execute(`PRAGMA index_info("${config.name}")`);
        const named = config.columns.map((column) => ("name" in column ? column.name : ""));
        expect(info.rows.map((row) => row.name)).toEqual(named);
      }
    }
    client.close();
  });

  test("are made once, also by several at the same time", async () => {
    const client = createClient({ url: ":memory:", concurrency: 1 });
    await Promise.all([migrateSessions(client), migrateSessions(client), migrateSessions(client)]);
    await migrateSessions(client);
    const { rows } = await client.execute("SELECT version FROM sessions_version ORDER BY version");
    expect(rows.map(({ version }) => version)).toEqual(
      Array.from({ length: SESSIONS_VERSION }, (_, index) => index + 1),
    );
    client.close();
  });

  test("of a newer version are refused by name", async () => {
    const client = createClient({ url: ":memory:", concurrency: 1 });
    await migrateSessions(client);
    await client.execute("INSERT INTO sessions_version VALUES (1000)");
    await expect(migrateSessions(client)).rejects.toThrow(SessionsTooNewError);
    client.close();
  });

  test("can't be named by what is no name", () => {
    for (const name of ["", "a b", 'a"b', "1a", "a;b", "x".repeat(52)]) {
      expect(() => sessionTableNames(name)).toThrow(/can't name a table/);
    }
  });
});
