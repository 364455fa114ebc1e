import { and, desc, eq, inArray } from "drizzle-orm";
import { database } from "#db/client.ts";
import { runs } from "#db/schema.ts";
import type { Conversation, Owned, Run } from "./access.ts";
import { agentIdOf } from "./agents/answering.ts";
import { defaultAgentId } from "./agents/directory.ts";
import { branchOf, stateOf } from "./branch-state.ts";
import { project } from "./runs/project.ts";
import { listQueued } from "./runs/queued.ts";
import { lineage, partings } from "./sessions/segments.ts";
import type { Branch, SessionState, StoredItem } from "./sessions/store.ts";
import { type Reach, readAfter, readAround, readBefore, readWhole, type Stretch } from "./stretches.ts";
import type { Thread, ThreadMessage, ThreadWindow } from "./thread.ts";

/** How often a branch that moves on in the meantime is read again. */
const tries = 4;

/** The newest messages of a branch, or all; of the current branch unless another is named. Throws `not_found`. */
export async function openThread(
  conversation: Owned<Conversation>,
  { branch: wanted, whole = false }: { branch?: string; whole?: boolean } = {},
): Promise<Thread> {
  let state = await stateOf(conversation);
  for (let attempt = 1; ; attempt += 1) {
    const branch = branchOf(state, wanted);
    // Asked for before the items: a message that begins in between is seen twice rather than not at all.
    const waiting = await listQueued(conversation, branch.id);
    const newest = await newestRun(conversation, branch);
    const live = liveOf(newest);
    const held = live ?? (newest?.status === "waiting" ? newest : undefined);
    const reach = reachOf(state, branch, live);
    const stretch = await (whole ? readWhole(reach) : readBefore(reach, reach.end));
    const messages = await draw(conversation, state, branch, stretch, live ? undefined : newest);
    const now = await stateOf(conversation);
    // An answer that began or ended while this was read would be seen by halves.
    if (attempt < tries && !agree(branch, live, now)) {
      state = now;
      continue;
    }
    return {
      conversation: {
        id: conversation.id,
        title: conversation.title,
        namespace: conversation.namespace,
        archived: conversation.archivedAt !== null,
      },
      branch: { id: branch.id, name: branch.name, length: branch.length, agent: branch.agent ?? defaultAgentId },
      branches: state.branches.map(({ id, name, length, updatedAt }) => ({ id, name, length, updatedAt })),
      from: stretch.from,
      messages,
      run: held ? { id: held.id, position: held.position, waiting: held.status === "waiting" } : null,
      queue: waiting.filter(({ id }) => !stretch.items.some(({ run }) => run === id)),
    };
  }
}

/** A window's place in a branch: before a position, after it, or around it. */
export type Place = { before: number } | { after: number } | { around: number };

/** Messages from the middle of a branch. An answer that is being written is not among them. */
export async function openWindow(
  conversation: Owned<Conversation>,
  branchId: string,
  place: Place,
): Promise<ThreadWindow> {
  const state = await stateOf(conversation);
  const branch = branchOf(state, branchId);
  const reach = reachOf(state, branch, liveOf(await newestRun(conversation, branch)));
  const stretch = await read(reach, place);
  return { from: stretch.from, to: stretch.to, messages: await draw(conversation, state, branch, stretch) };
}

function read(reach: Reach, place: Place): Promise<Stretch> {
  if ("before" in place) return readBefore(reach, place.before);
  if ("after" in place) return readAfter(reach, place.after);
  return readAround(reach, place.around);
}

/** The run, if it is being executed. */
const liveOf = (run: Run | undefined): Run | undefined => (run?.status === "running" ? run : undefined);

/** What a branch holds without the answer that is being written: that is watched, not read. */
const reachOf = (state: SessionState, branch: Branch, live: Run | undefined): Reach => ({
  session: state.id,
  ranges: lineage(state, branch.id),
  end: live ? Math.min(live.position, branch.length) : branch.length,
});

/** Whether a run and a branch that were read one after the other belong to one moment. */
function agree(branch: Branch, live: Run | undefined, now: SessionState): boolean {
  if (live) return live.position <= branch.length;
  const after = now.branches.find(({ id }) => id === branch.id);
  return after?.segment === branch.segment && after.length === branch.length;
}

/** Messages of items. `last` is shown also when it wrote nothing, where it stands at the end of them. */
async function draw(
  conversation: Owned<Conversation>,
  state: SessionState,
  branch: Branch,
  { items }: Stretch,
  last?: Run,
): Promise<ThreadMessage[]> {
  const facts = (await runsOf(conversation, items)).filter((run) => wroteInto(items, run)).map(asSeenFrom(branch));
  if (last && !facts.some(({ id }) => id === last.id)) facts.push(last);
  return withVersions(project(items, facts, agentIdOf), state, branch.id);
}

/** A person's message names the run that it began, also on branches on which another run answers it. */
const wroteInto = (items: readonly StoredItem[], run: Run) =>
  items.some((item) => item.run === run.id && item.position >= run.position);

/** A live run is live on its own branch; from others it is something that went on elsewhere. */
const asSeenFrom =
  (branch: Branch) =>
  (run: Run): Run =>
    run.branchId === branch.id || !isLive(run) ? run : { ...run, status: "completed" };

const isLive = ({ status }: Run): boolean => status === "queued" || status === "running" || status === "waiting";

async function newestRun(conversation: Owned<Conversation>, branch: Branch): Promise<Run | undefined> {
  return database()
    .select()
    .from(runs)
    .where(and(eq(runs.conversationId, conversation.id), eq(runs.branchId, branch.id)))
    .orderBy(desc(runs.createdAt))
    .limit(1)
    .get();
}

async function runsOf(conversation: Owned<Conversation>, items: readonly StoredItem[]): Promise<Run[]> {
  const ids = [...new Set(items.flatMap(({ run }) => (run ? [run] : [])))];
  if (ids.length === 0) return [];
  return database()
    .select()
    .from(runs)
    .where(and(eq(runs.conversationId, conversation.id), inArray(runs.id, ids)))
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
