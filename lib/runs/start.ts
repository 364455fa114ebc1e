import { eq } from "drizzle-orm";
import { database } from "#db/client.ts";
import { runs } from "#db/schema.ts";
import { type Conversation, type Owned, ownConversation, ownNamespace, type User } from "#lib/access.ts";
import { answeringAgent } from "#lib/agents/answering.ts";
import { branchName } from "#lib/branch-names.ts";
import { stateOf } from "#lib/branch-state.ts";
import { newConversation } from "#lib/conversations.ts";
import { AppError } from "#lib/errors.ts";
import { history } from "#lib/history.ts";
import { limit } from "#lib/limits.ts";
import { applyChange, combine } from "#lib/sessions/apply.ts";
import { planAppend, planCreate, planFork } from "#lib/sessions/changes.ts";
import { findBranch, lineage, slice } from "#lib/sessions/segments.ts";
import type { Change, SessionState, StoredItem } from "#lib/sessions/store.ts";
import type { SendResult } from "#lib/thread.ts";
import { begin, newRun, once } from "./begin.ts";
import { isLive } from "./live-runs.ts";
import { checkText } from "./text.ts";
import { enter, leave } from "./turnstile.ts";

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

/** Stores the person's message and the run that answers it in one write, then lets the run begin. */
export function startTurn(user: User, turn: Turn): Promise<SendResult> {
  return once(user, turn.operation, async () => {
    await enter(turn.operation);
    return takeTurn(user, turn).catch(async (error: unknown) => {
      leave(turn.operation);
      throw (await isBusy(error, turn)) ? busy() : error;
    });
  });
}

async function takeTurn(user: User, turn: Turn): Promise<SendResult> {
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
  return begin(conversation, { change, run, after: applyChange(state.id, state, change) });
}

/** Answers again from `position`, where an answer stands or should stand: another version beside the first. */
export function startAgain(user: User, turn: Again): Promise<SendResult> {
  return once(user, turn.operation, () => answerAgain(user, turn));
}

export interface Again {
  operation: string;
  conversation: string;
  branch: string;
  position: number;
}

async function answerAgain(user: User, turn: Again): Promise<SendResult> {
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
  return begin(conversation, { change, run, after: applyChange(state.id, state, change) });
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
  return begin(conversation, { change, run, after: applyChange(conversation.id, undefined, change) });
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

/** A message that comes second can wait for the answer to the first. A new version of an earlier one is made elsewhere. */
const isBusy = async (error: unknown, { branch, at }: Turn): Promise<boolean> =>
  error instanceof AppError &&
  error.code === "conflict" &&
  branch !== undefined &&
  at === undefined &&
  (await isLive(branch));

const busy = () =>
  new AppError(
    "busy",
    "An answer is being written here. Your message was not sent; wait for it or stop it, then send again.",
  );

const movedOn = () =>
  new AppError(
    "conflict",
    "This conversation has moved on in another tab or on another device. Your message was not sent; look at what is new, then send it again.",
  );
