import { and, eq } from "drizzle-orm";
import { database } from "#db/client.ts";
import { databaseNow } from "#db/now.ts";
import { type Approval, runs } from "#db/schema.ts";
import { ownConversation, ownRun, type Run, type User } from "#lib/access.ts";
import { AppError, notFound } from "#lib/errors.ts";
import { history } from "#lib/history.ts";
import { log } from "#lib/log.ts";
import { outsideRequests } from "#lib/outside.ts";
import { answer } from "./begin.ts";
import { carryOut } from "./go-on.ts";
import { tellOwner } from "./tell.ts";

export interface Decision {
  run: string;
  call: string;
  approved: boolean;
}

/** Each decision about another call of the run costs the others one. */
const mostAttempts = 20;

/**
 * Decides about one call that waits. When all are decided the run goes on, here: whose decision
 * was written first has the run, and everybody else is told so.
 */
export async function decide(user: User, { run: id, call, approved }: Decision): Promise<{ goesOn: boolean }> {
  for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
    const run = await ownRun(user, id);
    await ownConversation(user, run.conversationId);
    const approvals = decided(run, call, approved);
    const goesOn = approvals.every(({ decision }) => decision !== undefined);
    const claimed = await claim(run, approvals, goesOn);
    if (!claimed) continue;
    if (goesOn) void outsideRequests(() => resume(claimed));
    await tellOwner(run);
    return { goesOn };
  }
  throw new AppError("conflict", "Somebody else decides here at the same moment. Look at what is new, then try again.");
}

/** The approvals of a run with one more decision. Throws when it is none of the open ones. */
function decided({ status, approvals }: Run, call: string, approved: boolean): Approval[] {
  const asked = approvals?.find((approval) => approval.call === call);
  if (!approvals || !asked) throw notFound("tool call");
  if (asked.decision) {
    throw new AppError("conflict", `That was ${asked.decision} already, in another tab or on another device.`);
  }
  if (status !== "waiting")
    throw new AppError("conflict", "That answer was stopped. It does not wait for you any more.");
  const decision = approved ? "approved" : "rejected";
  return approvals.map((approval) => (approval === asked ? { call, decision } : approval));
}

/** Writes the decision unless the run has changed since it was read. */
async function claim(before: Run, approvals: Approval[], goesOn: boolean): Promise<Run | undefined> {
  return database()
    .update(runs)
    .set({ approvals, ...(goesOn ? { status: "running", heartbeatAt: databaseNow } : {}) })
    .where(and(eq(runs.id, before.id), eq(runs.status, "waiting"), eq(runs.approvals, before.approvals ?? [])))
    .returning()
    .get();
}

async function resume(run: Run): Promise<void> {
  try {
    const state = await history().load(run.conversationId);
    if (!state) return;
    await answer(run, state, { goOn: (execution) => carryOut(execution, state) });
  } catch (error) {
    log().error({ err: error, run: run.id }, "a run could not go on; it is ended as one whose process died");
  }
}
