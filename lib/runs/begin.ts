import type { InStatement } from "@libsql/client";
import { eq, getTableColumns, sql } from "drizzle-orm";
import { database } from "#db/client.ts";
import { lookup } from "#db/lookup.ts";
import { databaseNow } from "#db/now.ts";
import { queuedMessages, runs } from "#db/schema.ts";
import { rowInsert } from "#db/statements.ts";
import { type Conversation, ownConversation, ownRun, type Run, type User } from "#lib/access.ts";
import { answeringAgent } from "#lib/agents/answering.ts";
import { defaultAgentId } from "#lib/agents/directory.ts";
import { insertConversation } from "#lib/conversations.ts";
import { AppError, notFound } from "#lib/errors.ts";
import { commit, history } from "#lib/history.ts";
import { announce } from "#lib/inbox.ts";
import { log } from "#lib/log.ts";
import { outsideRequests } from "#lib/outside.ts";
import { applyChange } from "#lib/sessions/apply.ts";
import { planAppend } from "#lib/sessions/changes.ts";
import { findBranch, partsAt } from "#lib/sessions/segments.ts";
import type { Change, SessionState } from "#lib/sessions/store.ts";
import type { SendResult } from "#lib/thread.ts";
import { reveal } from "./conceal.ts";
import { execute } from "./execute.ts";

/** What a turn writes before anybody is told of it: items of the history, and the run that goes on from them. */
export interface Planned {
  change: Change;
  run: Run;
  /** The history's state after the change. */
  after: SessionState;
  /** Statements that belong to the same moment. */
  also?: InStatement[];
}

const insertRun = rowInsert(runs, { heartbeatAt: databaseNow });

/** Stores the turn in one write, then lets its run begin. */
export async function begin(
  conversation: Conversation,
  { change, run, after, also = [] }: Planned,
): Promise<SendResult> {
  const now = change.at;
  const row = change.create
    ? insertConversation(conversation)
    : { sql: "UPDATE conversations SET active_at = ?, read_at = ? WHERE id = ?", args: [now, now, conversation.id] };
  const title = change.create ? conversation.title : undefined;
  try {
    await commit(conversation.id, change, [row, insertRun(run), ...also], title);
  } catch (error) {
    if (violates(error, "runs.branch_id")) {
      throw new AppError("conflict", "An answer is still being written here. Wait for it or stop it, then send again.");
    }
    if (violates(error, "runs.id"))
      throw new AppError("conflict", "This operation's id is taken. Send it with a new id.");
    throw error;
  }
  announce(run.userId, conversation.id);
  const items = change.create ? change.items?.map(({ item }) => item) : undefined;
  void outsideRequests(() => answer(run, after, { items }));
  return resultOf(run, after);
}

/** Lets a run answer, and what waits behind it after that. */
export async function answer(...given: Parameters<typeof execute>): Promise<void> {
  const [run] = given;
  if ((await execute(...given)) === "completed") await beginNext(run.branchId);
}

const mostAttempts = 10;

/**
 * Begins the oldest message that waits on this branch, if there is one and nothing is live. After
 * an answer that failed or was stopped the messages wait for the person instead.
 */
export async function beginNext(branch: string): Promise<SendResult | undefined> {
  try {
    for (let attempt = 1; ; attempt += 1) {
      const message = await findOldest({ branch });
      if (!message) return undefined;
      const conversation = await ownConversation({ id: message.userId }, message.conversationId);
      const planned = await planQueued(message);
      try {
        return await begin(conversation, planned);
      } catch (error) {
        // Edited or taken back in this very moment: look again. Anything else is for whoever asked.
        if (!isGone(error) || attempt === mostAttempts) throw error;
      }
    }
  } catch (error) {
    if (error instanceof AppError && (error.code === "conflict" || error.code === "not_found")) return undefined;
    log().error({ err: error, branch }, "a queued message could not be sent; it is kept");
    return undefined;
  }
}

type Queued = typeof queuedMessages.$inferSelect;

const findOldest = lookup(getTableColumns(queuedMessages), (columns) =>
  database()
    .select(columns)
    .from(queuedMessages)
    .where(eq(queuedMessages.branchId, sql.placeholder("branch")))
    .orderBy(queuedMessages.createdAt, queuedMessages.id)
    .limit(1)
    .prepare(),
);

async function planQueued(message: Queued): Promise<Planned> {
  const state = await history().load(message.conversationId);
  if (!state) throw notFound("conversation");
  const { length, agent } = findBranch(state, message.branchId);
  const now = Date.now();
  const answering = answeringAgent(message.agent ?? agent ?? defaultAgentId);
  const item = { role: "user" as const, content: reveal(message.text, message.id) };
  const change = planAppend(state, message.branchId, [item], { at: now, run: message.id, branchAgent: answering });
  const place = { operation: message.id, conversation: state.id, branch: message.branchId };
  const run = newRun({ id: message.userId }, { ...place, agent: answering, position: length + 1 }, now);
  return { change, run, after: applyChange(state.id, state, change), also: take(message) };
}

/** Takes the message out of the queue, or fails the batch when it is not there any more as it was read. */
function take({ id, text }: Queued): InStatement[] {
  return [
    {
      sql: `INSERT INTO queued_messages (id, conversation_id, branch_id, user_id, text, created_at)
            SELECT '', NULL, '', '', '', 0 WHERE NOT EXISTS (SELECT 1 FROM queued_messages WHERE id = ? AND text = ?)`,
      args: [id, text],
    },
    { sql: "DELETE FROM queued_messages WHERE id = ?", args: [id] },
  ];
}

const isGone = (error: unknown): boolean =>
  error instanceof Error && error.message.includes("NOT NULL constraint failed: queued_messages.conversation_id");

/** Does a turn unless it was done before: then it answers as the first time, whatever has happened since. */
export async function once(user: User, operation: string, perform: () => Promise<SendResult>): Promise<SendResult> {
  try {
    return await perform();
  } catch (error) {
    const done = await ownRun(user, operation).catch(() => undefined);
    if (done) return resultOf(done, await history().load(done.conversationId));
    throw error;
  }
}

/** The run of a turn, with the turn's id. */
export function newRun(
  user: Pick<User, "id">,
  at: { operation: string; conversation: string; branch: string; agent: string; position: number },
  now: number,
): Run {
  return {
    id: at.operation,
    conversationId: at.conversation,
    branchId: at.branch,
    userId: user.id,
    status: "running",
    agent: at.agent,
    model: null,
    position: at.position,
    usage: null,
    error: null,
    approvals: null,
    stopRequestedAt: null,
    heartbeatAt: now,
    createdAt: now,
    finishedAt: null,
  };
}

const resultOf = ({ id, conversationId, branchId, position }: Run, state: SessionState | undefined): SendResult => ({
  conversation: conversationId,
  branch: branchId,
  run: id,
  position: position - 1,
  // At the message, or at the answer where that alone is another one.
  parts: state !== undefined && [position - 1, position].some((place) => partsAt(state, branchId, place)),
});

function violates(error: unknown, column: string): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause.message.includes(`UNIQUE constraint failed: ${column}`)) return true;
  }
  return false;
}
