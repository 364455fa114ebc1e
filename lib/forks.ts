import { and, eq, inArray, or } from "drizzle-orm";
import { z } from "zod";
import { database } from "#db/client.ts";
import { runs } from "#db/schema.ts";
import { statement } from "#db/statements.ts";
import type { Conversation, Namespace, Owned, Run, User } from "./access.ts";
import { stateOf } from "./branch-state.ts";
import { listByIds } from "./conversation-rows.ts";
import { insertConversation, newConversation } from "./conversations.ts";
import { notFound } from "./errors.ts";
import { commit, history } from "./history.ts";
import { announce } from "./inbox.ts";
import { indexTitle } from "./search/documents.ts";
import { onlyBranch, planCopy } from "./sessions/copy.ts";
import { documentRanges } from "./sessions/document.ts";
import { newId } from "./sessions/ids.ts";
import type { Change, SessionState } from "./sessions/store.ts";

/** A conversation that grew out of another one, and the other way round. */
export interface Kinship {
  from: { id: string; title: string } | null;
  forks: { id: string; title: string }[];
}

const links = z.object({
  forkedFrom: z.string().optional().catch(undefined),
  forks: z.array(z.string()).catch([]).default([]),
});

const mostForks = 100;
const longestTitle = 200;

/** Those that are still there and not in the bin. */
export async function kinshipOf(user: User, conversation: Owned<Conversation>): Promise<Kinship> {
  const { forkedFrom, forks } = links.parse(conversation.metadata);
  const ids = [...(forkedFrom ? [forkedFrom] : []), ...forks.slice(-mostForks)];
  if (ids.length === 0) return { from: null, forks: [] };
  const rows = new Map((await listByIds(user, ids)).map(({ id, title }) => [id, { id, title }]));
  const known = (id: string) => rows.get(id) ?? [];
  return { from: forkedFrom ? (rows.get(forkedFrom) ?? null) : null, forks: forks.slice(-mostForks).flatMap(known) };
}

/**
 * A new conversation with the same history, of one branch or of all. Nothing in it depends on the
 * first one; each names the other. Answers its id.
 */
export async function forkConversation(
  user: User,
  conversation: Owned<Conversation>,
  { branch, namespace, now }: { branch?: string; namespace: Owned<Namespace>; now: number },
): Promise<string> {
  const whole = await stateOf(conversation);
  if (branch !== undefined && !whole.branches.some(({ id }) => id === branch)) throw notFound("branch");
  const state = branch === undefined ? whole : onlyBranch(whole, branch);
  const items = await history().read(conversation.id, documentRanges(state));
  const told = await runsOf(conversation, state, [...new Set(items.flatMap(({ run }) => run ?? []))]);
  const names = new Map<string, string>();
  const runOf = (run: string) => {
    const name = names.get(run) ?? newId();
    names.set(run, name);
    return name;
  };
  const change = planCopy(state, items, { at: now, runOf });
  const row = {
    ...newConversation(user, namespace.type, "", now),
    title: `Fork of ${conversation.title}`.slice(0, longestTitle).toWellFormed(),
    titleFrom: "person" as const,
    metadata: { forkedFrom: conversation.id },
  };
  await commit(row.id, change, [
    insertConversation(row),
    indexTitle(row.id, row.title),
    ...copies(told, { conversation: row.id, state, change, runOf }),
    addFork(conversation, row.id),
  ]);
  announce(user.id, row.id);
  return row.id;
}

/** How the answers came about, and what went wrong where there is none. */
function runsOf(conversation: Owned<Conversation>, state: SessionState, ids: string[]): Promise<Run[]> {
  const branches = state.branches.map(({ id }) => id);
  return database()
    .select()
    .from(runs)
    .where(and(eq(runs.conversationId, conversation.id), or(inArray(runs.id, ids), inArray(runs.branchId, branches))));
}

const runsPerStatement = 200;

interface Copying {
  conversation: string;
  state: SessionState;
  change: Change;
  runOf: (run: string) => string;
}

function copies(told: readonly Run[], { conversation, state, change, runOf }: Copying) {
  const branchOfName = new Map(change.branches?.map(({ name, id }) => [name, id]));
  const branchOf = new Map(state.branches.map(({ id, name }) => [id, branchOfName.get(name)]));
  const rows = told.map((run): Run => {
    const live = run.status === "queued" || run.status === "running" || run.status === "waiting";
    return {
      ...run,
      id: runOf(run.id),
      conversationId: conversation,
      branchId: branchOf.get(run.branchId) ?? newId(),
      // It goes on in the first conversation; here it ends with what had been written.
      ...(live ? { status: "stopped" as const, finishedAt: run.createdAt, heartbeatAt: null } : {}),
    };
  });
  const statements = [];
  for (let start = 0; start < rows.length; start += runsPerStatement) {
    const part = rows.slice(start, start + runsPerStatement);
    statements.push(statement(database().insert(runs).values(part)));
  }
  return statements;
}

const addFork = (conversation: Owned<Conversation>, fork: string) => ({
  sql: `UPDATE conversations SET metadata = json_set(metadata, '$.forks',
          json_insert(CASE json_type(metadata, '$.forks') WHEN 'array' THEN metadata -> '$.forks' ELSE '[]' END, '$[#]', ?))
        WHERE id = ?`,
  args: [fork, conversation.id],
});
