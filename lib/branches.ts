import type { Conversation, Owned } from "./access.ts";
import { answeringAgent } from "./agents/answering.ts";
import { branchName } from "./branch-names.ts";
import { branchOf, stateOf } from "./branch-state.ts";
import { openRemoved, type RemovedBranch, sealRemoved } from "./branch-undo.ts";
import { AppError, notFound } from "./errors.ts";
import { commit, history } from "./history.ts";
import { messageStarts } from "./message-starts.ts";
import { isLive } from "./runs/live-runs.ts";
import { applyChange } from "./sessions/apply.ts";
import {
  planDeleteBranch,
  planFork,
  planRename,
  planRestoreBranch,
  planSetAgent,
  planSwitch,
} from "./sessions/changes.ts";
import { lineage, tail } from "./sessions/segments.ts";
import type { Branch, StoredItem } from "./sessions/store.ts";

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

/** All branches of a conversation, the current one first, then the last used. */
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
    .sort((left, right) => Number(right.current) - Number(left.current) || right.updatedAt - left.updatedAt);
}

/** Gives a branch the person's own name for it. It is no activity: the branch keeps its place in the list. */
export async function renameBranch(
  conversation: Owned<Conversation>,
  branchId: string,
  wanted: string,
): Promise<string> {
  const state = await stateOf(conversation);
  const { id, updatedAt } = branchOf(state, branchId);
  await refuseLive(id);
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
  await refuseLive(branch.id);
  const wasCurrent = state.current === branch.id;
  const next = wasCurrent ? lastUsed(state.branches.filter(({ id }) => id !== branch.id)) : undefined;
  const change = planDeleteBranch(state, branch.id, { at: state.updatedAt, force: true });
  await commit(conversation.id, { ...change, ...(next ? { current: next.id } : {}) });
  return { undo: sealRemoved(conversation.id, { branch, wasCurrent }), current: next?.id ?? state.current };
}

/** Takes `deleteBranch` back, under another name where its own is taken by now. Answers the branch's id. */
export async function restoreBranch(conversation: Owned<Conversation>, undo: string): Promise<string> {
  const removed = openRemoved(conversation.id, undo);
  if (!removed) throw notFound("branch");
  // What changes in between, a name or what the sweep has removed, is seen by looking once more.
  return restore(conversation, removed).catch(() => restore(conversation, removed));
}

async function restore(conversation: Owned<Conversation>, { branch, wasCurrent }: RemovedBranch): Promise<string> {
  const state = await stateOf(conversation);
  if (state.branches.some(({ id }) => id === branch.id)) return branch.id;
  const names = state.branches.map(({ name }) => name);
  const name = names.includes(branch.name) ? branchName(branch.name, names) : branch.name;
  if (!state.segments.some(({ id }) => id === branch.segment)) throw sweptAway();
  const options = { at: state.updatedAt, makeCurrent: wasCurrent };
  const change = planRestoreBranch(state, { ...branch, name }, options);
  const after = applyChange(state.id, state, change);
  const last = await history().read(state.id, tail(lineage(after, branch.id), 1));
  if (branch.length > 0 && last.length === 0) throw sweptAway();
  await commit(conversation.id, change, last.map(stillThere(conversation)));
  return branch.id;
}

const sweptAway = () =>
  new AppError("conflict", "What was on that branch has been removed for good since. It can't be restored.");

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
async function refuseLive(branch: string): Promise<void> {
  if (await isLive(branch))
    throw new AppError("conflict", "An answer is being written on that branch. Wait until it is done, or stop it.");
}

/** Says who answers next on a branch. */
export async function switchAgent(conversation: Owned<Conversation>, branchId: string, agent: string): Promise<string> {
  const state = await stateOf(conversation);
  const next = answeringAgent(agent);
  await commit(conversation.id, planSetAgent(state, branchOf(state, branchId).id, next, { at: Date.now() }));
  return next;
}
