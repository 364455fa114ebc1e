import { eq, inArray, or } from "drizzle-orm";
import { database } from "#db/client.ts";
import { runs } from "#db/schema.ts";
import type { Conversation, Owned, Run } from "./access.ts";
import { agentIdOf, answeringAgent } from "./agents/answering.ts";
import { defaultAgentId } from "./agents/directory.ts";
import { branchName } from "./branch-names.ts";
import { AppError, notFound } from "./errors.ts";
import { commit, history } from "./history.ts";
import { project } from "./runs/project.ts";
import { listQueued } from "./runs/queue.ts";
import { planFork, planSetAgent, planSwitch } from "./sessions/changes.ts";
import { findBranch, lineage, partings } from "./sessions/segments.ts";
import type { SessionState, StoredItem } from "./sessions/store.ts";
import type { Thread, ThreadMessage } from "./thread.ts";

/** The thread of a branch, the current one unless another is named. Throws `not_found` for a branch that is gone. */
export async function openThread(conversation: Owned<Conversation>, branchId?: string): Promise<Thread> {
  const state = await stateOf(conversation);
  const branch = branchOf(state, branchId);
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
    queue: await listQueued(conversation, branch.id),
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
