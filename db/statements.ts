import type { InStatement } from "@libsql/client";
import { getTableColumns, is, Param, Placeholder, type Query, type SQL, sql } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import { database, prepared } from "./client.ts";

/** Drizzle's queries as statements for a batch. */

type Args = Extract<InStatement, { sql: string }>["args"];

export function statement(query: { toSQL(): Query }): InStatement {
  const { sql: text, params } = query.toSQL();
  return { sql: text, args: params as Args };
}

/** Inserts whole rows, with `told` in the place of some columns. The query is built once, when it is first wanted. */
export function rowInsert<Table extends SQLiteTable>(
  table: Table,
  told: Partial<Record<keyof Table["$inferSelect"], SQL>> = {},
): (row: Table["$inferSelect"]) => InStatement {
  const query = prepared(() => {
    const places = Object.keys(getTableColumns(table)).map((name) => [name, sql.placeholder(name)]);
    return database()
      .insert(table)
      .values({ ...Object.fromEntries(places), ...told })
      .prepare()
      .getQuery();
  });
  return (row) => {
    const { sql: text, params } = query();
    return { sql: text, args: params.map((param) => filled(param, row)) as Args };
  };
}

/** As drizzle's own `fillPlaceholders`, but that null stays null in a column of JSON. */
function filled(param: unknown, row: Record<string, unknown>): unknown {
  if (!is(param, Param) || !is(param.value, Placeholder)) return param;
  const value = row[param.value.name];
  return value === null ? null : param.encoder.mapToDriverValue(value);
}
