import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

export const DEFAULT_SESSIONS_TABLE = "sessions";

/** The names of the tables that a session store keeps, all made from one. */
export function sessionTableNames(table: string = DEFAULT_SESSIONS_TABLE) {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,50}$/.test(table)) {
    throw new TypeError(`"${table}" can't name a table. Use up to 51 letters, digits and underscores.`);
  }
  return {
    sessions: table,
    branches: `${table}_branches`,
    segments: `${table}_segments`,
    items: `${table}_items`,
    summaries: `${table}_summaries`,
    operations: `${table}_operations`,
    version: `${table}_version`,
  };
}

/** The session store's tables. `migrations/sessions.ts` makes them; a test holds that both agree. */
export function sessionTables(table: string = DEFAULT_SESSIONS_TABLE) {
  const names = sessionTableNames(table);
  return {
    sessions: sqliteTable(
      names.sessions,
      {
        id: text().primaryKey(),
        current: text().notNull(),
        metadata: text({ mode: "json" }).$type<Record<string, unknown>>().notNull(),
        createdAt: integer("created_at").notNull(),
        updatedAt: integer("updated_at").notNull(),
      },
      (column) => [index(`${table}_activity`).on(column.updatedAt)],
    ),
    branches: sqliteTable(
      names.branches,
      {
        session: text().notNull(),
        id: text().notNull(),
        name: text().notNull(),
        segment: text().notNull(),
        length: integer().notNull(),
        agent: text(),
        createdAt: integer("created_at").notNull(),
        updatedAt: integer("updated_at").notNull(),
      },
      (column) => [
        primaryKey({ columns: [column.session, column.id] }),
        uniqueIndex(`${table}_branch_names`).on(column.session, column.name),
      ],
    ),
    segments: sqliteTable(
      names.segments,
      {
        id: text().primaryKey(),
        session: text().notNull(),
        parent: text(),
        fork: integer().notNull(),
      },
      (column) => [index(`${table}_segments_of`).on(column.session)],
    ),
    items: sqliteTable(
      names.items,
      {
        segment: text().notNull(),
        position: integer().notNull(),
        item: text().notNull(),
        agent: text(),
        run: text(),
        createdAt: integer("created_at").notNull(),
        model: text(),
        usage: text({ mode: "json" }).$type<Record<string, number>>(),
      },
      (column) => [primaryKey({ columns: [column.segment, column.position] })],
    ),
    summaries: sqliteTable(
      names.summaries,
      {
        id: text().primaryKey(),
        session: text().notNull(),
        segment: text().notNull(),
        position: integer().notNull(),
        items: text().notNull(),
        createdAt: integer("created_at").notNull(),
      },
      (column) => [index(`${table}_summaries_of`).on(column.session)],
    ),
    operations: sqliteTable(
      names.operations,
      {
        session: text().notNull(),
        id: text().notNull(),
        digest: text(),
        createdAt: integer("created_at").notNull(),
      },
      (column) => [primaryKey({ columns: [column.session, column.id] })],
    ),
  };
}

/** The tables under their usual names: what the application's own queries join with. */
export const {
  sessions,
  branches: sessionBranches,
  segments: sessionSegments,
  items: sessionItems,
  summaries: sessionSummaries,
  operations: sessionOperations,
} = sessionTables();
