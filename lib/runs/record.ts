import type { InStatement } from "@libsql/client";
import type { AgentInputItem } from "@openai/agents";
import { eq } from "drizzle-orm";
import { client, database } from "#db/client.ts";
import { conversations, type RunFailure, type RunUsage } from "#db/schema.ts";
import type { Run } from "#lib/access.ts";
import { commit, history, statement } from "#lib/history.ts";
import { planAppend, planSetAgent } from "#lib/sessions/changes.ts";
import { findBranch } from "#lib/sessions/segments.ts";
import type { SessionState } from "#lib/sessions/store.ts";
import type { MessageMetadata } from "#lib/thread.ts";
import { runMetadata } from "./project.ts";

/** What a run writes: items while it is live, and once how it ended. */

export interface Ending {
  status: "completed" | "failed" | "stopped" | "interrupted";
  model?: string;
  usage?: RunUsage;
  error?: RunFailure;
}

/** The run is not this process's any more: it was taken over, or its conversation is gone. */
export class RunLostError extends Error {
  override name = "RunLostError";

  constructor(run: string, options?: ErrorOptions) {
    super(`Run ${run} is not live any more.`, options);
  }
}

/** Appends what an agent finished. `next` is who answers from now on, when that changes. */
export async function appendToRun(
  run: Run,
  items: AgentInputItem[],
  by: { agent: string; next?: string },
): Promise<void> {
  const now = Date.now();
  await whileLive(run, async (state, guard) => {
    const change = planAppend(state, run.branchId, items, {
      at: now,
      agent: by.agent,
      run: run.id,
      branchAgent: by.next,
    });
    await commit(run.conversationId, change, [guard]);
  });
}

/** Appends the rest and ends the run, in one write. Answers what the message says of the run from now on. */
export async function finishRun(
  run: Run,
  rest: AgentInputItem[],
  agent: string,
  ending: Ending,
): Promise<Partial<MessageMetadata>> {
  const now = Date.now();
  const touched = statement(
    database().update(conversations).set({ activeAt: now }).where(eq(conversations.id, run.conversationId)),
  );
  return whileLive(run, async (state, guard) => {
    const change =
      rest.length > 0
        ? planAppend(state, run.branchId, rest, { at: now, agent, run: run.id })
        : planSetAgent(state, run.branchId, findBranch(state, run.branchId).agent, { at: now });
    await commit(run.conversationId, change, [guard, ended(run, ending, now), touched]);
    const end = findBranch(state, run.branchId).length + rest.length;
    return {
      ...runMetadata({ ...run, ...ending, model: ending.model ?? null, error: ending.error ?? null, finishedAt: now }),
      end,
    };
  });
}

function ended(run: Run, { status, model, usage, error }: Ending, now: number): InStatement {
  return {
    sql: "UPDATE runs SET status = ?, model = coalesce(?, model), usage = ?, error = ?, finished_at = ? WHERE id = ?",
    args: [
      status,
      model ?? null,
      usage ? JSON.stringify(usage) : null,
      error ? JSON.stringify(error) : null,
      now,
      run.id,
    ],
  };
}

/**
 * Gives `write` the newest state and a statement that fails the whole batch unless the run is
 * still live: two processes can't both write for one run.
 */
async function whileLive<Result>(
  run: Run,
  write: (state: SessionState, guard: InStatement) => Promise<Result>,
): Promise<Result> {
  const guard = {
    sql: "UPDATE runs SET status = CASE WHEN status = 'running' THEN status END, heartbeat_at = ? WHERE id = ?",
    args: [Date.now(), run.id],
  };
  const state = await history().load(run.conversationId);
  if (!state) throw new RunLostError(run.id);
  try {
    return await write(state, guard);
  } catch (error) {
    if (await isLive(run)) throw error;
    throw new RunLostError(run.id, { cause: error });
  }
}

async function isLive(run: Run): Promise<boolean> {
  const found = await client().execute({
    sql: "SELECT 1 FROM runs WHERE id = ? AND status = 'running'",
    args: [run.id],
  });
  return found.rows.length > 0;
}
