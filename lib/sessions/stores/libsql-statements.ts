import type { InValue } from "@libsql/client";
import { encode } from "../codec.ts";
import type { Branch, Change, Expectation, Segment, Summary } from "../store.ts";
import { append, guardCurrentIs, insertItems, replaceItem } from "./libsql-items.ts";
import { guard, insertRows, MOVED_ON, type Names, type Step, step } from "./libsql-steps.ts";

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
