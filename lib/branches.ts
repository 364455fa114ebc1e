import { and, eq, inArray, or } from "drizzle-orm";
import { database } from "#db/client.ts";
import { runs } from "#db/schema.ts";
import type { Conversation, Owned, Run } from "./access.ts";
import { agentIdOf, answeringAgent } from "./agents/answering.ts";
import { defaultAgentId } from "./agents/directory.ts";
import { branchName } from "./branch-names.ts";
import { openRemoved, sealRemoved } from "./branch-undo.ts";
import { AppError, notFound } from "./errors.ts";
import { commit, history } from "./history.ts";
import { messageStarts } from "./message-starts.ts";
import { project } from "./runs/project.ts";
import { listQueued } from "./runs/queue.ts";
import { applyChange } from "./sessions/apply.ts";
import {
  planDeleteBranch,
  planFork,
  planRename,
  planRestoreBranch,
  planSetAgent,
  planSwitch,
} from "./sessions/changes.ts";
import { findBranch, lineage, partings, tail } from "./sessions/segments.ts";
import type { Branch, SessionState, StoredItem } from "./sessions/store.ts";
import type { Thread, ThreadMessage } from "./thread.ts";

/** The thread of a branch, the current one unless another is named. Throws `not_found` for a branch that is gone. */
export async function openThread(conversation: Owned<Conversation>, branchId?: string): Promise<Thread> {
  const state = await stateOf(conversation);
  const branch = branchOf(state, branchId);
  // Asked for before the items: a message that begins in between is seen twice rather than not at all.
  const waiting = await listQueued(conversation, branch.id);
  const items = await history().read(conversation.id, lineage(state, branch.id));
  const facts = await runsOf(items, branch.id);
  const live = facts.find((run) => run.branchId === branch.id && run.status === "running");
  const messages = project(
    live ? items.filter((item) => item.run !== live.id || item.position < live.position) : items,
    facts.filter((run) => (!live && run.branchId === branch.id) || wroteInto(items, run)),
    agentIdOf,
  );
  return {
    conversation: {
      id: conversation.id,
      title: conversation.title,
      namespace: conversation.namespace,
      archived: conversation.archivedAt !== null,
    },
    branch: { id: branch.id, name: branch.name, length: branch.length, agent: branch.agent ?? defaultAgentId },
    branches: state.branches.map(({ id, name, length, updatedAt }) => ({ id, name, length, updatedAt })),
    messages: withVersions(messages, state, branch.id),
    run: live ? { id: live.id, position: live.position } : null,
    queue: waiting.filter(({ id }) => !items.some(({ run }) => run === id)),
  };
}

/** Makes a branch the one that is shown, here and on every device. */
export async function makeCurrent(conversation: Owned<Conversation>, branchId: string): Promise<void> {
  const state = await stateOf(conversation);
  await commit(conversation.id, planSwitch(state, branchOf(state, branchId).id, { at: state.updatedAt }));
}

/** A new branch with the history before `position`, made the current one. Answers its id. */
export async function branchFrom(
  conversation: Owned<Conversation>,
  from: { branch: string; position: number },
): Promise<string> {
  const state = await stateOf(conversation);
  const { id, length } = branchOf(state, from.branch);
  if (from.position > length)
    throw new AppError("conflict", "That message is not on this branch any more. Reload the conversation.");
  const name = branchName(
    "",
    state.branches.map((branch) => branch.name),
  );
  const change = planFork(state, id, from.position, { name, makeCurrent: true, at: Date.now() });
  await commit(conversation.id, change);
  return change.current ?? id;
}

/** A branch as the list of all of them shows it. */
export interface BranchRow {
  id: string;
  name: string;
  messages: number;
  updatedAt: number;
  current: boolean;
}

/** All branches of a conversation, the last used first. */
export async function listBranches(conversation: Owned<Conversation>): Promise<BranchRow[]> {
  const [state, starts] = await Promise.all([stateOf(conversation), messageStarts(conversation)]);
  const before = (segment: string, position: number) =>
    (starts.get(segment) ?? []).filter((start) => start < position).length;
  return state.branches
    .map(({ id, name, updatedAt }) => ({
      id,
      name,
      messages: lineage(state, id).reduce((sum, { segment, to }) => sum + before(segment, to), 0),
      updatedAt,
      current: id === state.current,
    }))
    .sort((left, right) => right.updatedAt - left.updatedAt);
}

/** Gives a branch the person's own name for it. It is no activity: the branch keeps its place in the list. */
export async function renameBranch(
  conversation: Owned<Conversation>,
  branchId: string,
  wanted: string,
): Promise<string> {
  const state = await stateOf(conversation);
  const { id, updatedAt } = branchOf(state, branchId);
  await refuseLive(conversation, id);
  const name = wanted.toWellFormed().replace(/[\s\p{Cc}]+/gu, " ");
  const change = planRename(state, id, name, { at: updatedAt });
  await commit(conversation.id, { ...change, at: state.updatedAt });
  return change.branches?.[0]?.name ?? name;
}

/**
 * Deletes a branch, never the last one. When it was the current one, the last used of the others
 * becomes it. Answers what `restoreBranch` needs to put it back.
 */
export async function deleteBranch(
  conversation: Owned<Conversation>,
  branchId: string,
): Promise<{ undo: string; current: string }> {
  const state = await stateOf(conversation);
  const branch = branchOf(state, branchId);
  await refuseLive(conversation, branch.id);
  const wasCurrent = state.current === branch.id;
  const next = wasCurrent ? lastUsed(state.branches.filter(({ id }) => id !== branch.id)) : undefined;
  const change = planDeleteBranch(state, branch.id, { at: state.updatedAt, force: true });
  await commit(conversation.id, { ...change, ...(next ? { current: next.id } : {}) });
  return { undo: sealRemoved(conversation.id, { branch, wasCurrent }), current: next?.id ?? state.current };
}

/** Takes `deleteBranch` back. Answers the branch's id. */
export async function restoreBranch(conversation: Owned<Conversation>, undo: string): Promise<string> {
  const removed = openRemoved(conversation.id, undo);
  if (!removed) throw notFound("branch");
  const { branch, wasCurrent } = removed;
  const state = await stateOf(conversation);
  if (state.branches.some(({ id }) => id === branch.id)) return branch.id;
  const names = state.branches.map(({ name }) => name);
  const name = names.includes(branch.name) ? branchName(branch.name, names) : branch.name;
  const options = { at: state.updatedAt, makeCurrent: wasCurrent };
  const change = planRestoreBranch(state, { ...branch, name }, options);
  const after = applyChange(state.id, state, change);
  const last = await history().read(state.id, tail(lineage(after, branch.id), 1));
  if (branch.length > 0 && last.length === 0) {
    throw new AppError("conflict", "What was on that branch has been removed for good since. It can't be restored.");
  }
  await commit(conversation.id, change, last.map(stillThere(conversation)));
  return branch.id;
}

const lastUsed = (branches: readonly Branch[]) =>
  branches.toSorted((left, right) => left.updatedAt - right.updatedAt).at(-1);

/** Fails the whole batch when this item has been swept in the meantime. */
const stillThere =
  (conversation: Owned<Conversation>) =>
  ({ segment, position }: StoredItem) => ({
    sql: `UPDATE conversations SET active_at = CASE WHEN EXISTS
      (SELECT 1 FROM sessions_items WHERE segment = ? AND position = ?) THEN active_at END WHERE id = ?`,
    args: [segment, position, conversation.id],
  });

/** A live run writes its branch whole, under the name that it knows. */
async function refuseLive(conversation: Owned<Conversation>, branchId: string): Promise<void> {
  const live = await database()
    .select({ id: runs.id })
    .from(runs)
    .where(
      and(
        eq(runs.conversationId, conversation.id),
        eq(runs.branchId, branchId),
        inArray(runs.status, ["queued", "running", "waiting"]),
      ),
    )
    .get();
  if (live)
    throw new AppError("conflict", "An answer is being written on that branch. Wait until it is done, or stop it.");
}

/** Says who answers next on a branch. */
export async function switchAgent(conversation: Owned<Conversation>, branchId: string, agent: string): Promise<string> {
  const state = await stateOf(conversation);
  const next = answeringAgent(agent);
  await commit(conversation.id, planSetAgent(state, branchOf(state, branchId).id, next, { at: Date.now() }));
  return next;
}

async function stateOf(conversation: Owned<Conversation>): Promise<SessionState> {
  const state = await history().load(conversation.id);
  if (!state) throw new Error(`Conversation ${conversation.id} has no history.`);
  return state;
}

function branchOf(state: SessionState, id?: string) {
  if (id !== undefined && !state.branches.some((branch) => branch.id === id)) throw notFound("branch");
  return findBranch(state, id);
}

/** The runs that made these items, and those of this branch that wrote nothing. */
/** A person's message names the run that it began, also on branches on which another run answers it. */
const wroteInto = (items: readonly StoredItem[], run: Run) =>
  items.some((item) => item.run === run.id && item.position >= run.position);

async function runsOf(items: readonly StoredItem[], branch: string) {
  const ids = [...new Set(items.flatMap(({ run }) => (run ? [run] : [])))];
  return database()
    .select()
    .from(runs)
    .where(or(inArray(runs.id, ids), eq(runs.branchId, branch)))
    .orderBy(runs.createdAt);
}

function withVersions(messages: ThreadMessage[], state: SessionState, branch: string): ThreadMessage[] {
  const byPosition = new Map(partings(state, branch).map((parting) => [parting.position, parting]));
  return messages.map((message) => {
    const parting = message.metadata && byPosition.get(message.metadata.position);
    if (!parting || !message.metadata) return message;
    const { versions, index } = parting;
    return {
      ...message,
      metadata: {
        ...message.metadata,
        versions: {
          index,
          count: versions.length,
          previous: versions[index - 1]?.branch,
          next: versions[index + 1]?.branch,
        },
      },
    };
  });
}
