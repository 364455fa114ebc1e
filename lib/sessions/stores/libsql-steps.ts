import type { InStatement, InValue } from "@libsql/client";
import type { sessionTableNames } from "../../../db/sessions.ts";

export type Names = ReturnType<typeof sessionTableNames>;

/** A statement of a change, and what it means when a constraint stops it. */
export interface Step {
  statement: { sql: string; args: InValue[] };
  otherwise: "repeated" | { conflict: string };
}

export const ROWS_PER_STATEMENT = 500;
export const MOVED_ON = "The branch has moved on, or does not exist any more.";

/** The statements alone, for a batch of somebody else's. */
export function plain(steps: readonly Step[]): InStatement[] {
  return steps.map(({ statement }) => statement);
}

export function step(sql: string, args: InValue[], conflict: string): Step {
  return { statement: { sql, args }, otherwise: { conflict } };
}

/** Stops the batch unless `condition` holds: the row it would insert breaks NOT NULL. A SELECT would cost twice as much. */
export function guard(names: Names, condition: string, args: InValue[], conflict: string): Step {
  const sql = `INSERT INTO "${names.operations}" (session, id, created_at) SELECT NULL, NULL, 0 WHERE NOT (${condition})`;
  return step(sql, args, conflict);
}

export function insertRows(into: string, rows: readonly InValue[][], conflict: string): Step[] {
  const steps: Step[] = [];
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
    const part = rows.slice(start, start + ROWS_PER_STATEMENT);
    const places = part.map((row) => `(${row.map(() => "?").join(", ")})`).join(", ");
    steps.push(step(`${into} VALUES ${places}`, part.flat(), conflict));
  }
  return steps;
}
