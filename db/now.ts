import { sql } from "drizzle-orm";

/**
 * The moment in which a statement runs (ms), by the database's clock: a write may have waited since it was made, and
 * processes on several machines have one clock in common.
 */
export const nowInSql = "CAST(unixepoch('subsec') * 1000 AS INTEGER)";
export const databaseNow = sql<number>`${sql.raw(nowInSql)}`;
