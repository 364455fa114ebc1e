import type { InStatement, InValue } from "@libsql/client";
import type { sessionTableNames } from "../../../db/sessions.ts";
import { encode } from "../codec.ts";
import type { Append, Branch, Change, Expectation, NewItem, Segment, StoredItem, Summary } from "../store.ts";

type Names = ReturnType<typeof sessionTableNames>;

/** A statement of a change, and what it means when a constraint stops it. */
export interface Step {
  statement: { sql: string; args: InValue[] };
  otherwise: "repeated" | { conflict: string };
}

const ROWS_PER_STATEMENT = 500;
const MOVED_ON = "The branch has moved on, or does not exist any more.";

/**
 * The SQL of a change. Each precondition is part of a statement that a constraint stops when it
 * does not hold, so that the whole batch rolls back without an interactive transaction.
 */
export function statementsOf(names: Names, session: string, change: Change): Step[] {
  const { expect = [], items = [] } = change;
  const appendsTo = expect.find(({ segment, length }) => items[0]?.segment === segment && items[0].position === length);
  const known = new Set(expect.map(({ branch }) => branch));
  const branches = change.branches ?? [];
  return [
    ...operation(names, session, change),
    ...(change.create ? [createSession(names, session, change)] : []),
    ...expect.filter((one) => one !== appendsTo).map((one) => guardHead(names, session, one)),
    ...(change.create || change.append || expect.length > 0 ? [] : [guardSession(names, session)]),
    ...(change.append ? append(names, session, change.append, change) : guardCurrentIs(names, session, change)),
    ...removals(names, session, change),
    ...insertSegments(names, session, change.segments ?? []),
    ...insertItems(names, session, items, appendsTo),
    ...(change.replaceItems ?? []).map((item) => replaceItem(names, session, item)),
    ...branches.map((branch) =>
      known.has(branch.id) ? updateBranch(names, session, branch) : putBranch(names, session, branch),
    ),
    ...insertSummaries(names, session, change.summaries ?? []),
    ...updateSession(names, session, change),
    ...guardDependents(names, session, change),
    ...guardCurrent(names, session, change),
  ];
}

/** The statements alone, for a batch of somebody else's. */
export function plain(steps: readonly Step[]): InStatement[] {
  return steps.map(({ statement }) => statement);
}

function step(sql: string, args: InValue[], conflict: string): Step {
  return { statement: { sql, args }, otherwise: { conflict } };
}

/** Stops the batch unless `condition` holds: the row it would insert breaks NOT NULL. A SELECT would cost twice as much. */
function guard(names: Names, condition: string, args: InValue[], conflict: string): Step {
  const sql = `INSERT INTO "${names.operations}" (session, id, created_at) SELECT NULL, NULL, 0 WHERE NOT (${condition})`;
  return step(sql, args, conflict);
}

function operation(names: Names, session: string, change: Change): Step[] {
  if (change.operation === undefined) return [];
  const sql = `INSERT INTO "${names.operations}" (session, id, digest, created_at) VALUES (?, ?, ?, ?)`;
  const args = [session, change.operation, change.digest ?? null, change.at];
  return [{ statement: { sql, args }, otherwise: "repeated" }];
}

function createSession(names: Names, session: string, change: Change): Step {
  return step(
    `INSERT INTO "${names.sessions}" (id, current, metadata, created_at, updated_at) VALUES (?, ?, ?, ?, ?)`,
    [session, change.current ?? "", encode(change.metadata ?? {}), change.at, change.at],
    "The session exists already.",
  );
}

function guardHead(names: Names, session: string, { branch, segment, length }: Expectation): Step {
  return guard(
    names,
    `EXISTS (SELECT 1 FROM "${names.branches}" WHERE session = ? AND id = ? AND segment = ? AND length = ?)`,
    [session, branch, segment, length],
    MOVED_ON,
  );
}

function guardSession(names: Names, session: string): Step {
  const condition = `EXISTS (SELECT 1 FROM "${names.sessions}" WHERE id = ?)`;
  return guard(names, condition, [session], "The session does not exist.");
}

function removals(names: Names, session: string, change: Change): Step[] {
  const steps: Step[] = [];
  for (const branch of change.removeBranches ?? []) {
    steps.push(step(`DELETE FROM "${names.branches}" WHERE session = ? AND id = ?`, [session, branch], MOVED_ON));
  }
  for (const segment of change.removeSegments ?? []) {
    const own = `SELECT id FROM "${names.segments}" WHERE id = ? AND session = ?`;
    const args = [segment, session];
    steps.push(
      step(`DELETE FROM "${names.items}" WHERE segment IN (${own})`, args, MOVED_ON),
      step(`DELETE FROM "${names.summaries}" WHERE segment IN (${own})`, args, MOVED_ON),
      step(`DELETE FROM "${names.segments}" WHERE id = ? AND session = ?`, args, MOVED_ON),
    );
  }
  for (const { segment, from, to } of change.removeItems ?? []) {
    const sql = `DELETE FROM "${names.items}" WHERE segment = ? AND position >= ? AND position < ?`;
    steps.push(step(sql, [segment, from, to], MOVED_ON));
  }
  for (const summary of change.removeSummaries ?? []) {
    steps.push(step(`DELETE FROM "${names.summaries}" WHERE session = ? AND id = ?`, [session, summary], MOVED_ON));
  }
  return steps;
}

function insertSegments(names: Names, session: string, segments: readonly Segment[]): Step[] {
  return insertRows(
    `INSERT INTO "${names.segments}" (id, session, parent, fork)`,
    segments.map(({ id, parent, fork }) => [id, session, parent, fork]),
    "A segment with this id exists already.",
  );
}

function replaceItem(names: Names, session: string, { segment, position, item }: StoredItem): Step {
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

function insertItems(names: Names, session: string, items: readonly StoredItem[], appendsTo?: Expectation): Step[] {
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
function append(names: Names, session: string, { branch, items, agent, likely }: Append, change: Change): Step[] {
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

function guardCurrentIs(names: Names, session: string, { expectCurrent }: Change): Step[] {
  if (expectCurrent === undefined) return [];
  const condition = `EXISTS (SELECT 1 FROM "${names.sessions}" WHERE id = ? AND current = ?)`;
  return [guard(names, condition, [session, expectCurrent], "Another branch has become the current one.")];
}

function updateBranch(names: Names, session: string, branch: Branch): Step {
  return step(
    `UPDATE "${names.branches}" SET name = ?, segment = ?, length = ?, agent = ?, updated_at = ? WHERE session = ? AND id = ?`,
    [branch.name, branch.segment, branch.length, branch.agent, branch.updatedAt, session, branch.id],
    "There is a branch with this name already.",
  );
}

function putBranch(names: Names, session: string, branch: Branch): Step {
  return step(
    `INSERT INTO "${names.branches}" (session, id, name, segment, length, agent, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (session, id) DO UPDATE SET name = excluded.name, segment = excluded.segment,
       length = excluded.length, agent = excluded.agent, updated_at = excluded.updated_at`,
    [session, branch.id, branch.name, branch.segment, branch.length, branch.agent, branch.createdAt, branch.updatedAt],
    "There is a branch with this name already.",
  );
}

function insertSummaries(names: Names, session: string, summaries: readonly Summary[]): Step[] {
  return insertRows(
    `INSERT INTO "${names.summaries}" (id, session, segment, position, items, created_at)`,
    summaries.map(({ id, segment, position, items, createdAt }) => [
      id,
      session,
      segment,
      position,
      encode(items),
      createdAt,
    ]),
    "A summary with this id exists already.",
  );
}

/** Only when there is something to say: the branches carry the time of what happened on them. */
function updateSession(names: Names, session: string, change: Change): Step[] {
  if (change.create || change.append) return [];
  const told = change.branches?.some(({ updatedAt }) => updatedAt >= change.at) ?? false;
  if (told && change.current === undefined && change.metadata === undefined) return [];
  const sets = ["updated_at = max(updated_at, ?)"];
  const args: InValue[] = [change.at];
  if (change.current !== undefined) {
    sets.push("current = ?");
    args.push(change.current);
  }
  if (change.metadata !== undefined) {
    sets.push("metadata = ?");
    args.push(encode(change.metadata));
  }
  const sql = `UPDATE "${names.sessions}" SET ${sets.join(", ")} WHERE id = ?`;
  return [step(sql, [...args, session], "The session does not exist.")];
}

function guardDependents(names: Names, session: string, change: Change): Step[] {
  const gone = [
    ...(change.removeItems ?? []),
    ...(change.removeSegments ?? []).map((segment) => ({ segment, from: -1 })),
  ];
  const changed = (change.branches ?? []).map(({ id }) => id);
  const others = changed.length === 0 ? "" : ` AND id NOT IN (${changed.map(() => "?").join(", ")})`;
  return gone.map(({ segment, from }) =>
    guard(
      names,
      `NOT EXISTS (SELECT 1 FROM "${names.segments}" WHERE session = ? AND parent = ? AND fork > ?)
       AND NOT EXISTS (SELECT 1 FROM "${names.branches}" WHERE session = ? AND segment = ? AND length > ?${others})`,
      [session, segment, from, session, segment, from, ...changed],
      "Another branch depends on what would be removed.",
    ),
  );
}

function guardCurrent(names: Names, session: string, change: Change): Step[] {
  if (change.create || (change.current === undefined && !change.removeBranches?.length)) return [];
  return [
    guard(
      names,
      `EXISTS (SELECT 1 FROM "${names.sessions}" s JOIN "${names.branches}" b ON b.session = s.id AND b.id = s.current WHERE s.id = ?)`,
      [session],
      "The current branch would be gone.",
    ),
  ];
}

function insertRows(into: string, rows: readonly InValue[][], conflict: string): Step[] {
  const steps: Step[] = [];
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
    const part = rows.slice(start, start + ROWS_PER_STATEMENT);
    const places = part.map((row) => `(${row.map(() => "?").join(", ")})`).join(", ");
    steps.push(step(`${into} VALUES ${places}`, part.flat(), conflict));
  }
  return steps;
}
