import { eq } from "drizzle-orm";
import { database } from "#db/client.ts";
import { conversations, runs } from "#db/schema.ts";
import {
  type Conversation,
  type Owned,
  ownConversation,
  ownNamespace,
  ownRun,
  type Run,
  type User,
} from "#lib/access.ts";
import { answeringAgent } from "#lib/agents/answering.ts";
import { branchName } from "#lib/branch-names.ts";
import { newConversation } from "#lib/conversations.ts";
import { AppError } from "#lib/errors.ts";
import { commit, history, statement } from "#lib/history.ts";
import { limit } from "#lib/limits.ts";
import { applyChange, combine } from "#lib/sessions/apply.ts";
import { planAppend, planCreate, planFork } from "#lib/sessions/changes.ts";
import { findBranch, lineage, slice } from "#lib/sessions/segments.ts";
import type { Change, SessionState, StoredItem } from "#lib/sessions/store.ts";
import type { SendResult } from "#lib/thread.ts";
import { execute } from "./execute.ts";

export interface Turn {
  /** Names the turn: sent a second time, it does nothing and answers as the first time. It becomes the run's id. */
  operation: string;
  text: string;
  agent?: string;
  conversation?: string;
  branch?: string;
  /** The length of the branch as the sender has seen it. */
  length?: number;
  /** Where to part from the branch first: the position of the message that this one replaces. */
  at?: number;
  /** Where a new conversation belongs. */
  namespace?: string;
}

const longestMessage = 100_000;

/** Stores the person's message and the run that answers it in one write, then lets the run begin. */
export async function startTurn(user: User, turn: Turn): Promise<SendResult> {
  const text = checkText(turn.text);
  await limit("send", user.id);
  const item = { role: "user" as const, content: text };
  const now = Date.now();
  if (!turn.conversation) return beginConversation(user, turn, item, now);

  const conversation = await ownConversation(user, turn.conversation);
  const state = await stateOf(conversation);
  const { id, length, agent } = findBranch(state, turn.branch);
  if (turn.length !== undefined && turn.length !== length) throw movedOn();
  const parted = turn.at === undefined || turn.at >= length ? undefined : part(state, id, turn.at, text, now);
  const before = parted ? applyChange(state.id, state, parted.change) : state;
  const branch = parted?.branch ?? id;
  const answering = answeringAgent(
    turn.agent ??
      (turn.at === undefined ? agent : await agentAsked(state, id, turn.at)) ??
      (await defaultAgent(user, conversation)),
  );
  const append = planAppend(before, branch, [item], { at: now, run: turn.operation, branchAgent: answering });
  const position = findBranch(before, branch).length;
  const run = newRun(
    user,
    { ...turn, conversation: conversation.id, branch, agent: answering, position: position + 1 },
    now,
  );
  const change = parted ? combine(parted.change, append) : append;
  return write(user, conversation, { change, run, after: applyChange(state.id, state, change) });
}

/** Answers again from `position`, where an answer stands or should stand: another version beside the first. */
export async function startAgain(
  user: User,
  turn: { operation: string; conversation: string; branch: string; position: number },
): Promise<SendResult> {
  await limit("send", user.id);
  const now = Date.now();
  const conversation = await ownConversation(user, turn.conversation);
  const state = await stateOf(conversation);
  const { id, length, agent } = findBranch(state, turn.branch);
  if (turn.position < 1 || turn.position > length) {
    throw new AppError("invalid", "There is nothing to answer at that place. Reload the conversation and try again.");
  }
  const parted = turn.position === length ? undefined : part(state, id, turn.position, "", now);
  const branch = parted?.branch ?? id;
  const asked = parted ? await agentAsked(state, id, turn.position) : agent;
  const answering = answeringAgent(asked ?? (await defaultAgent(user, conversation)));
  const run = newRun(user, { ...turn, branch, agent: answering, position: turn.position }, now);
  const change: Change = parted?.change ?? {
    expect: [{ branch: id, segment: findBranch(state, id).segment, length }],
    at: now,
  };
  return write(user, conversation, { change, run, after: applyChange(state.id, state, change) });
}

async function beginConversation(
  user: User,
  turn: Turn,
  item: { role: "user"; content: string },
  now: number,
): Promise<SendResult> {
  const namespace = await ownNamespace(user, turn.namespace ?? "general");
  const conversation = newConversation(user, namespace.type, turn.text, now);
  const agent = answeringAgent(turn.agent ?? namespace.defaultAgent);
  const change = planCreate({ items: [item], at: now, run: turn.operation, branchAgent: agent });
  const branch = change.current ?? "";
  const run = newRun(user, { ...turn, conversation: conversation.id, branch, agent, position: 1 }, now);
  return write(user, conversation, { change, run, after: applyChange(conversation.id, undefined, change) });
}

interface Planned {
  change: Change;
  run: Run;
  /** The history's state after the change. */
  after: SessionState;
}

async function write(user: User, conversation: Conversation, { change, run, after }: Planned): Promise<SendResult> {
  const now = change.at;
  const row = change.create
    ? database().insert(conversations).values(conversation)
    : database().update(conversations).set({ activeAt: now, readAt: now }).where(eq(conversations.id, conversation.id));
  try {
    await commit(conversation.id, change, [statement(row), statement(database().insert(runs).values(run))]);
  } catch (error) {
    if (violates(error, "runs.id")) return resultOf(await ownRun(user, run.id));
    if (violates(error, "runs.branch_id")) {
      throw new AppError("conflict", "An answer is still being written here. Wait for it or stop it, then send again.");
    }
    throw error;
  }
  void execute(run, after);
  return resultOf(run);
}

const resultOf = ({ id, conversationId, branchId, position }: Run): SendResult => ({
  conversation: conversationId,
  branch: branchId,
  run: id,
  position: position - 1,
});

function newRun(
  user: User,
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
    stopRequestedAt: null,
    heartbeatAt: now,
    createdAt: now,
    finishedAt: null,
  };
}

/** A new branch that leaves this one at `position` and becomes the current one. */
function part(state: SessionState, branch: string, position: number, text: string, now: number) {
  const name = branchName(
    text,
    state.branches.map((other) => other.name),
  );
  const change = planFork(state, branch, position, { name, makeCurrent: true, at: now });
  return { change, branch: change.current ?? branch };
}

/** The state of a conversation's history. Throws when it is gone, which only damage can bring about. */
async function stateOf(conversation: Owned<Conversation>): Promise<SessionState> {
  const state = await history().load(conversation.id);
  if (!state) throw new Error(`Conversation ${conversation.id} has no history.`);
  return state;
}

/** Who was asked at this place the first time. */
async function agentAsked(state: SessionState, branch: string, position: number): Promise<string | undefined> {
  const [item]: StoredItem[] = await history().read(state.id, slice(lineage(state, branch), position, position + 1));
  if (!item?.run) return item?.agent ?? undefined;
  const run = await database().select({ agent: runs.agent }).from(runs).where(eq(runs.id, item.run)).get();
  return run?.agent;
}

async function defaultAgent(user: User, conversation: Owned<Conversation>): Promise<string> {
  return (await ownNamespace(user, conversation.namespace)).defaultAgent;
}

function checkText(text: string): string {
  if (text.trim() === "") throw new AppError("invalid", "The message is empty. Write something, then send it.");
  if (text.length > longestMessage) {
    throw new AppError(
      "invalid",
      `The message has ${text.length.toLocaleString("en")} characters; ${longestMessage.toLocaleString("en")} is the most. Shorten it or send it in parts.`,
    );
  }
  return text;
}

const movedOn = () =>
  new AppError(
    "conflict",
    "This conversation has moved on in another tab or on another device. Your message was not sent; look at what is new, then send it again.",
  );

function violates(error: unknown, column: string): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause.message.includes(`UNIQUE constraint failed: ${column}`)) return true;
  }
  return false;
}
