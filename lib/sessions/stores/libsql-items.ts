import type { InValue } from "@libsql/client";
import { encode } from "../codec.ts";
import type { Append, Change, Expectation, NewItem, StoredItem } from "../store.ts";
import { guard, insertRows, MOVED_ON, type Names, ROWS_PER_STATEMENT, type Step, step } from "./libsql-steps.ts";

export function replaceItem(names: Names, session: string, { segment, position, item }: StoredItem): Step {
  const sql = `UPDATE "${names.items}" SET item = ? WHERE segment = ? AND position = ?
    AND segment IN (SELECT id FROM "${names.segments}" WHERE session = ?)`;
  return step(sql, [encode(item), segment, position, session], MOVED_ON);
}

const ITEM_COLUMNS = ["item", "created_at", "agent", "run", "model", "usage"];

function valuesOf({ item, createdAt, agent, run, model, usage }: NewItem): InValue[] {
  return [encode(item), createdAt, agent, run, model ?? null, usage ? JSON.stringify(usage) : null];
}

/** Columns that are empty throughout are left out: each value costs. */
function usedColumns(rows: readonly InValue[][]): number[] {
  return ITEM_COLUMNS.flatMap((_name, column) =>
    column < 2 || rows.some((row) => row[column] !== null) ? column : [],
  );
}

export function insertItems(
  names: Names,
  session: string,
  items: readonly StoredItem[],
  appendsTo?: Expectation,
): Step[] {
  const values = items.map(valuesOf);
  const columns = usedColumns(values);
  const steps = insertRows(
    `INSERT INTO "${names.items}" (segment, position, ${columns.map((column) => ITEM_COLUMNS[column]).join(", ")})`,
    items.map(({ segment, position }, row) => [
      segment,
      position,
      ...columns.map((column) => values[row]?.[column] ?? null),
    ]),
    MOVED_ON,
  );
  const first = steps[0]?.statement;
  if (!first || !appendsTo) return steps;
  // The first row takes its position from the head it expects: no such head, no position, no write.
  const { branch, segment, length } = appendsTo;
  const head = `(SELECT length FROM "${names.branches}" WHERE session = ? AND id = ? AND segment = ? AND length = ?)`;
  first.sql = first.sql.replace("(?, ?,", `(?, ${head},`);
  first.args.splice(1, 1, session, branch, segment, length);
  return steps;
}

/**
 * Places come from the head as it is, or from where it is likely to be if it is there. When it is
 * not, or is not there at all, a place is missing and NOT NULL stops the batch.
 */
export function append(
  names: Names,
  session: string,
  { branch, items, agent, likely }: Append,
  change: Change,
): Step[] {
  const values = items.map(valuesOf);
  const columns = usedColumns(values);
  const shared = columns.filter((column) => column > 0 && values.every((row) => row[column] === values[0]?.[column]));
  const own = columns.filter((column) => !shared.includes(column));
  const current = change.expectCurrent;
  const steps: Step[] = [];
  for (let start = 0; start < items.length; start += ROWS_PER_STATEMENT) {
    const part = values.slice(start, start + ROWS_PER_STATEMENT);
    const args: InValue[] = [session, branch, current ?? null, likely?.segment ?? null, likely?.length ?? null];
    for (const column of shared) args.push(values[0]?.[column] ?? null);
    for (const row of part) for (const column of own) args.push(row[column] ?? null);
    const isCurrent = current !== undefined;
    const shape = { columns, shared, own, start, rows: part.length, isCurrent, isLikely: likely !== undefined };
    steps.push(step(appendSql(names, shape), args, MOVED_ON));
  }
  if (items.length === 0) {
    const condition = `EXISTS (SELECT 1 FROM "${names.branches}" WHERE session = ? AND id = ?)`;
    steps.push(guard(names, condition, [session, branch], MOVED_ON), ...guardCurrentIs(names, session, change));
  }
  const setAgent = agent === undefined ? "" : ", agent = ?";
  const sql = `UPDATE "${names.branches}" SET length = length + ?, updated_at = max(updated_at, ?)${setAgent} WHERE session = ? AND id = ?`;
  const args = [items.length, change.at, ...(agent === undefined ? [] : [agent]), session, branch];
  return [...steps, step(sql, args, MOVED_ON)];
}

interface AppendShape {
  columns: number[];
  /** Columns with the same value in every row. */
  shared: number[];
  own: number[];
  start: number;
  rows: number;
  isCurrent: boolean;
  isLikely: boolean;
}

const appendTexts = new Map<string, string>();
const MOST_TEXTS = 500;

function appendSql(names: Names, shape: AppendShape): string {
  const { shared, own, start, rows, isCurrent, isLikely } = shape;
  const key = `${names.items} ${shared} ${own} ${start} ${rows} ${isCurrent} ${isLikely}`;
  const known = appendTexts.get(key);
  if (known !== undefined) return known;
  const sql = writeAppendSql(names, shape);
  if (appendTexts.size >= MOST_TEXTS) appendTexts.clear();
  appendTexts.set(key, sql);
  return sql;
}

// The first arguments: session, branch, the branch that must be current, and where the end is likely to be.
const FIRST_VALUE = 6;

function writeAppendSql(names: Names, { columns, shared, own, start, rows, isCurrent, isLikely }: AppendShape): string {
  const into = `INSERT INTO "${names.items}" (segment, position, ${columns.map((column) => ITEM_COLUMNS[column]).join(", ")})`;
  const current = isCurrent ? ` AND EXISTS (SELECT 1 FROM "${names.sessions}" WHERE id = ?1 AND current = ?3)` : "";
  const sharedPlace = (column: number) => `?${FIRST_VALUE + shared.indexOf(column)}`;
  const ownPlace = (row: number, column: number) =>
    `?${FIRST_VALUE + shared.length + row * own.length + own.indexOf(column)}`;
  const all = Array.from({ length: rows }, (_, row) => row);
  if (isLikely) {
    const head = `(SELECT length FROM "${names.branches}" WHERE session = ?1 AND id = ?2 AND segment = ?4 AND length = ?5${current})`;
    const tuples = all.map((row) => {
      const position = start + row === 0 ? head : `?5 + ${start + row}`;
      const values = columns.map((column) => (shared.includes(column) ? sharedPlace(column) : ownPlace(row, column)));
      return `(?4, ${[position, ...values].join(", ")})`;
    });
    return `${into} VALUES ${tuples.join(", ")}`;
  }
  const selected = columns.map((column) =>
    shared.includes(column) ? sharedPlace(column) : `v.column${own.indexOf(column) + 2}`,
  );
  const tuples = all.map((row) => `(${[start + row, ...own.map((column) => ownPlace(row, column))].join(", ")})`);
  return `${into} SELECT b.segment, b.length + v.column1, ${selected.join(", ")}
    FROM (SELECT 1) LEFT JOIN "${names.branches}" b ON b.session = ?1 AND b.id = ?2${current}
    CROSS JOIN (VALUES ${tuples.join(", ")}) v`;
}

export function guardCurrentIs(names: Names, session: string, { expectCurrent }: Change): Step[] {
  if (expectCurrent === undefined) return [];
  const condition = `EXISTS (SELECT 1 FROM "${names.sessions}" WHERE id = ? AND current = ?)`;
  return [guard(names, condition, [session, expectCurrent], "Another branch has become the current one.")];
}
