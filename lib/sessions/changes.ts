import type { AgentInputItem } from "@openai/agents";
import { SessionError } from "./errors.ts";
import { newId } from "./ids.ts";
import { findBranch, lineage, ownerOf, reachable } from "./segments.ts";
import type { Branch, Change, Expectation, Range, Segment, SessionState, StoredItem } from "./store.ts";

export interface PlanOptions {
  /** When it happens, in milliseconds since 1970. */
  at: number;
  /** Makes the change a no-op when it is committed a second time. */
  operation?: string;
}

export interface AppendOptions extends PlanOptions {
  /** Who made the items. */
  agent?: string | null;
  /** The run that made the items. */
  run?: string | null;
  /** Who answers next on the branch; unchanged when absent. */
  branchAgent?: string | null;
}

export interface CreateOptions extends AppendOptions {
  /** The first items, if there are any. */
  items?: readonly AgentInputItem[];
  metadata?: Record<string, unknown>;
  /** The name of the first branch: "main" when absent. */
  branchName?: string;
  /** The id of the first branch; made when absent. */
  branch?: string;
}

export interface ForkOptions extends PlanOptions {
  name: string;
  /** The id of the new branch; made when absent. */
  id?: string;
  /** True to make the new branch the current one. */
  makeCurrent?: boolean;
}

const LONGEST_NAME = 200;

/** A new session with one branch, and its first items if there are any. */
export function planCreate(options: CreateOptions): Change {
  const { at, operation, metadata, items = [], agent = null, run = null, branchAgent = null } = options;
  const segment: Segment = { id: newId(), parent: null, fork: 0 };
  const branch: Branch = {
    id: options.branch ?? newId(),
    name: checkName(options.branchName ?? "main"),
    segment: segment.id,
    length: items.length,
    agent: branchAgent,
    createdAt: at,
    updatedAt: at,
  };
  return {
    create: true,
    segments: [segment],
    branches: [branch],
    items: place(items, segment.id, 0, { agent, run, at }),
    current: branch.id,
    ...(metadata ? { metadata } : {}),
    ...(operation ? { operation } : {}),
    at,
  };
}

/** Items at the end of a branch. */
export function planAppend(
  state: SessionState,
  branch: string,
  items: readonly AgentInputItem[],
  options: AppendOptions,
): Change {
  const { at, operation, agent = null, run = null } = options;
  const head = findBranch(state, branch);
  return {
    expect: [expectation(head)],
    items: place(items, head.segment, head.length, { agent, run, at }),
    branches: [
      {
        ...head,
        length: head.length + items.length,
        agent: options.branchAgent === undefined ? head.agent : options.branchAgent,
        updatedAt: at,
      },
    ],
    ...(operation ? { operation } : {}),
    at,
  };
}

/**
 * Items at the end of a branch, wherever that is when it happens: for writers that need not know
 * what stands before. It can't be combined with other changes, and needs no state.
 */
export function planAppendAnywhere(
  branch: string,
  items: readonly AgentInputItem[],
  options: AppendOptions & { expectCurrent?: boolean },
): Change {
  const { at, operation, agent = null, run = null, branchAgent, expectCurrent = false } = options;
  return {
    append: {
      branch,
      items: items.map((item) => ({ item, agent, run, createdAt: at })),
      ...(branchAgent === undefined ? {} : { agent: branchAgent }),
    },
    ...(expectCurrent ? { expectCurrent: branch } : {}),
    ...(operation ? { operation } : {}),
    at,
  };
}

/** A new branch that has the first `position` items of another and goes its own way from there. */
export function planFork(state: SessionState, branch: string, position: number, options: ForkOptions): Change {
  const { at, operation, makeCurrent = false } = options;
  const head = findBranch(state, branch);
  const name = checkName(options.name);
  refuseTakenName(state, name);
  const segment = partAt(state, head, position);
  const fork: Branch = {
    id: options.id ?? newId(),
    name,
    segment: segment.id,
    length: position,
    agent: head.agent,
    createdAt: at,
    updatedAt: at,
  };
  return {
    expect: [expectation(head)],
    segments: [segment],
    branches: [fork],
    ...(makeCurrent ? { current: fork.id } : {}),
    ...(operation ? { operation } : {}),
    at,
  };
}

/**
 * Shortens a branch to its first `length` items (a pop, a clear, a deleted answer). The branch goes
 * on in a fresh segment, so that a place never gets a second item: whoever expects a head knows all
 * that is before it. Rows that it reached and nothing depends on any more go.
 */
export function planTruncate(state: SessionState, branch: string, length: number, options: PlanOptions): Change {
  const { at, operation } = options;
  const head = findBranch(state, branch);
  checkPosition(head, length);
  const base: Change = { expect: [expectation(head)], ...(operation ? { operation } : {}), at };
  if (length === head.length) return base;
  const segment = partAt(state, head, length);
  const shorter: Branch = { ...head, segment: segment.id, length, updatedAt: at };
  const after: SessionState = {
    ...state,
    segments: [...state.segments, segment],
    branches: state.branches.map((one) => (one.id === head.id ? shorter : one)),
  };
  return { ...base, segments: [segment], branches: [shorter], ...planRelease(state, after, head) };
}

/** Removes what a branch reached before a change and nothing needs after it. */
function planRelease(before: SessionState, after: SessionState, head: Branch): Partial<Change> {
  const reached = reachable(before);
  const needed = reachable(after);
  const removeSegments: string[] = [];
  const removeItems: Range[] = [];
  const removeSummaries: string[] = [];
  for (let id: string | null = head.segment; id !== null; ) {
    const own: Segment | undefined = before.segments.find((segment) => segment.id === id);
    if (!own) break;
    const children = after.segments.filter((child) => child.parent === own.id && !removeSegments.includes(child.id));
    const kept = Math.max(needed.get(own.id) ?? -1, ...children.map((child) => child.fork));
    const from = Math.max(kept, own.fork);
    const to = reached.get(own.id) ?? from;
    if (kept < 0) {
      removeSegments.push(own.id);
    } else if (to > from) {
      removeItems.push({ segment: own.id, from, to });
      const beyond = before.summaries.filter(({ segment, position }) => segment === own.id && position > from);
      removeSummaries.push(...beyond.map((summary) => summary.id));
    }
    id = own.parent;
  }
  return {
    ...(removeSegments.length > 0 ? { removeSegments } : {}),
    ...(removeItems.length > 0 ? { removeItems } : {}),
    ...(removeSummaries.length > 0 ? { removeSummaries } : {}),
  };
}

/** Makes a branch the one that is shown and written to when none is named. */
export function planSwitch(state: SessionState, branch: string, { at }: PlanOptions): Change {
  return { current: findBranch(state, branch).id, at };
}

export function planRename(state: SessionState, branch: string, name: string, { at }: PlanOptions): Change {
  const head = findBranch(state, branch);
  const checked = checkName(name);
  if (checked !== head.name) refuseTakenName(state, checked);
  return { expect: [expectation(head)], branches: [{ ...head, name: checked, updatedAt: at }], at };
}

/** Says who answers next on a branch. */
export function planSetAgent(state: SessionState, branch: string, agent: string | null, { at }: PlanOptions): Change {
  const head = findBranch(state, branch);
  return { expect: [expectation(head)], branches: [{ ...head, agent, updatedAt: at }], at };
}

/**
 * Removes a branch; its items stay until the sweep. The last branch is never removed, the
 * current one only when forced: then the oldest of the others becomes the current one.
 */
export function planDeleteBranch(
  state: SessionState,
  branch: string,
  { at, force = false }: PlanOptions & { force?: boolean },
): Change {
  const head = findBranch(state, branch);
  const other = state.branches.find((candidate) => candidate.id !== head.id);
  if (!other) {
    throw new SessionError("branch_last", `"${head.name}" is the only branch. Clear it, or remove the session.`);
  }
  const isCurrent = state.current === head.id;
  if (isCurrent && !force) {
    throw new SessionError("branch_current", `"${head.name}" is the current branch. Switch to another one first.`);
  }
  return {
    expect: [expectation(head)],
    removeBranches: [head.id],
    ...(isCurrent ? { current: other.id } : {}),
    at,
  };
}

/**
 * Puts a branch back that was deleted, as it was. Refused when what only it could reach has been
 * swept since: a branch that is there can always be read.
 */
export function planRestoreBranch(
  state: SessionState,
  branch: Branch,
  { at, makeCurrent = false }: PlanOptions & { makeCurrent?: boolean },
): Change {
  const segment = state.segments.find(({ id }) => id === branch.segment);
  if (!segment || branch.length < segment.fork || state.branches.some(({ id }) => id === branch.id)) {
    throw new SessionError("branch_missing", `Branch "${branch.name}" can't be restored any more.`);
  }
  refuseTakenName(state, checkName(branch.name));
  return { branches: [branch], ...(makeCurrent ? { current: branch.id } : {}), at };
}

/** Replaces the metadata. */
export function planMetadata(metadata: Record<string, unknown>, { at }: PlanOptions): Change {
  return { metadata, at };
}

/** "Everything on this branch before `position`, in short". */
export function planSummary(
  state: SessionState,
  branch: string,
  position: number,
  items: readonly AgentInputItem[],
  { at }: PlanOptions,
): Change {
  const head = findBranch(state, branch);
  checkPosition(head, position);
  const segment = ownerOf(lineage(state, head.id), position - 1);
  if (segment === null) throw new SessionError("position_invalid", "There is nothing before position 0 to sum up.");
  return {
    expect: [expectation(head)],
    summaries: [{ id: newId(), segment, position, items: [...items], createdAt: at }],
    at,
  };
}

/**
 * Removes what no branch can reach any more, or undefined when there can be nothing to remove.
 * It is not an activity: the session's last activity stays.
 */
export function planSweep(state: SessionState): Change | undefined {
  const reach = reachable(state);
  const tips = new Set(state.branches.map((branch) => branch.segment));
  const removeSegments = state.segments.filter(({ id }) => !reach.has(id)).map(({ id }) => id);
  const removeItems = state.segments.flatMap(({ id }) => {
    const from = reach.get(id);
    return from === undefined || tips.has(id) ? [] : [{ segment: id, from, to: Number.MAX_SAFE_INTEGER }];
  });
  const removeSummaries = state.summaries
    .filter(({ segment, position }) => position > (reach.get(segment) ?? -1))
    .map(({ id }) => id);
  if (removeSegments.length + removeItems.length + removeSummaries.length === 0) return undefined;
  return { removeSegments, removeItems, removeSummaries, at: state.updatedAt };
}

function place(
  items: readonly AgentInputItem[],
  segment: string,
  start: number,
  by: { agent: string | null; run: string | null; at: number },
): StoredItem[] {
  return items.map((item, index) => ({
    segment,
    position: start + index,
    item,
    agent: by.agent,
    run: by.run,
    createdAt: by.at,
  }));
}

function expectation({ id, segment, length }: Branch): Expectation {
  return { branch: id, segment, length };
}

function partAt(state: SessionState, head: Branch, position: number): Segment {
  checkPosition(head, position);
  const parent = position === 0 ? null : ownerOf(lineage(state, head.id), position - 1);
  return { id: newId(), parent, fork: position };
}

function checkPosition(head: Branch, position: number): void {
  if (!Number.isInteger(position) || position < 0 || position > head.length) {
    throw new SessionError(
      "position_invalid",
      `Position ${position} is not on branch "${head.name}", which has ${head.length} items. Use 0 to ${head.length}.`,
    );
  }
}

function checkName(name: string): string {
  const trimmed = name.trim();
  if (trimmed === "" || trimmed.length > LONGEST_NAME) {
    throw new SessionError("branch_name_invalid", `A branch needs a name of 1 to ${LONGEST_NAME} characters.`);
  }
  return trimmed;
}

function refuseTakenName(state: SessionState, name: string): void {
  if (state.branches.some((branch) => branch.name === name)) {
    throw new SessionError("branch_name_taken", `There is a branch named "${name}" already. Choose another name.`);
  }
}
