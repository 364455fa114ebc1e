import { setTimeout as pause } from "node:timers/promises";
import type { InStatement } from "@libsql/client";
import type { AgentInputItem } from "@openai/agents";
import { eq } from "drizzle-orm";
import { client, database } from "#db/client.ts";
import { nowInSql } from "#db/now.ts";
import { type Approval, type RunFailure, type RunUsage, runs } from "#db/schema.ts";
import type { Run } from "#lib/access.ts";
import { noteActivity, titleOf } from "#lib/conversations.ts";
import { history } from "#lib/history.ts";
import { applyChange, combine } from "#lib/sessions/apply.ts";
import { planAppend } from "#lib/sessions/changes.ts";
import { findBranch, lineage } from "#lib/sessions/segments.ts";
import type { Change, SessionState } from "#lib/sessions/store.ts";
import type { MessageMetadata } from "#lib/thread.ts";
import { troubleError, troubleOf } from "#lib/trouble.ts";
import { runMetadata } from "./project.ts";

/** What a run writes: items while it is live, and once how it ended. */

export interface Ending {
  status: "completed" | "failed" | "stopped" | "interrupted";
  model?: string;
  usage?: RunUsage;
  error?: RunFailure;
}

/** What an agent finished. `next`: who answers from now on, when that changes. */
export interface Finished {
  items: AgentInputItem[];
  agent: string;
  next?: string;
}

/** The run is not this process's any more: it was taken over, or its conversation is gone. */
export class RunLostError extends Error {
  override name = "RunLostError";

  constructor(run: string, options?: ErrorOptions) {
    super(`Run ${run} is not live any more.`, options);
  }
}

/** The history of a live run as this process knows it; others write to it as well, and then it is read again. */
export class RunRecord {
  readonly run: Run;
  readonly #patience: number;
  #state: SessionState;
  /** The database was in trouble during the last write: it may have been done, and the word of it lost on the way. */
  #mayBeDone = false;

  /** `patience`: how long a write is tried again while the database is in trouble, in milliseconds. */
  constructor(run: Run, state: SessionState, patience = 30_000) {
    this.run = run;
    this.#state = state;
    this.#patience = patience;
  }

  /** The items of the run's branch. */
  async items(): Promise<AgentInputItem[]> {
    const stored = await history().read(this.run.conversationId, lineage(this.#state, this.run.branchId));
    return stored.map(({ item }) => item);
  }

  /** Appends what was finished, in one write. */
  async append(...finished: Finished[]): Promise<void> {
    const at = Date.now();
    await this.#commit((state) => this.#plan(state, finished, at));
  }

  /**
   * Appends the rest, ends the run and names the conversation, unless it has a name, in one write.
   * Answers what the message says of the run from now on.
   */
  async finish(rest: Finished[], ending: Ending, title?: string): Promise<Partial<MessageMetadata>> {
    const { run } = this;
    const at = Date.now();
    const also = [ended(run, ending, at), noteActivity(run.conversationId, at, title)];
    try {
      await this.#commit((state) => this.#plan(state, rest, at), { also, title });
    } catch (error) {
      const isDone = error instanceof RunLostError && this.#mayBeDone && (await hasEnded(run, ending, at));
      if (!isDone) throw error;
      this.#state = (await history().load(run.conversationId)) ?? this.#state;
    }
    return {
      ...runMetadata({ ...run, ...ending, model: ending.model ?? null, error: ending.error ?? null, finishedAt: at }),
      end: this.end,
      ...(title && { title: await titleOf(run.conversationId) }),
    };
  }

  /** Lets the run wait until the person has decided about these calls. False when its end was asked for meanwhile. */
  async wait(calls: string[], { model, usage }: Pick<Ending, "model" | "usage">): Promise<boolean> {
    const { run } = this;
    const approvals = JSON.stringify(calls.map((call): Approval => ({ call })));
    const waiting = {
      sql: `UPDATE runs SET status = 'waiting', approvals = ?, model = coalesce(?, model), usage = coalesce(?, usage),
            heartbeat_at = NULL WHERE id = ? AND status = 'running' AND stop_requested_at IS NULL`,
      args: [approvals, model ?? null, usage ? JSON.stringify(usage) : null, run.id],
    };
    const touched = noteActivity(run.conversationId, Date.now());
    const [written] = await this.#whileLive(() => client().batch([waiting, touched], "write"));
    if (written?.rowsAffected === 1) return true;
    const now = await database().select().from(runs).where(eq(runs.id, run.id)).get();
    if (now?.status === "waiting" && this.#mayBeDone) return true;
    if (now?.status === "running" && now.stopRequestedAt !== null) return false;
    throw new RunLostError(run.id);
  }

  /** How long the run's branch is. */
  get end(): number {
    return findBranch(this.#state, this.run.branchId).length;
  }

  #plan(state: SessionState, finished: readonly Finished[], at: number): Change {
    const { branchId, id, conversationId } = this.run;
    let change: Change = { at };
    let after = state;
    for (const { items, agent, next } of finished.filter(({ items }) => items.length > 0)) {
      const append = planAppend(after, branchId, items, { at, agent, run: id, branchAgent: next });
      after = applyChange(conversationId, after, append);
      change = combine(change, append);
    }
    return change;
  }

  /** Commits what is planned on the newest state: when somebody else has written, it is planned again. */
  async #commit(
    plan: (state: SessionState) => Change,
    { also = [], title }: { also?: InStatement[]; title?: string } = {},
  ): Promise<void> {
    const { conversationId } = this.run;
    for (let attempt = 1; ; attempt++) {
      const change = plan(this.#state);
      const result = await this.#whileLive(() =>
        history().commit(conversationId, change, { also: [stillLive(this.run), ...also], title }),
      );
      if (result.status !== "conflict" || (this.#mayBeDone && (await this.#isDone(change)))) {
        this.#state = applyChange(conversationId, this.#state, change);
        return;
      }
      const state = await history().load(conversationId);
      if (!state || attempt === mostAttempts) throw new RunLostError(this.run.id, { cause: new Error(result.reason) });
      this.#state = state;
    }
  }

  /** Whether what may be done is: then what was to be written stands there. */
  async #isDone({ items = [], at }: Change): Promise<boolean> {
    const [first] = items;
    if (!first) return false;
    const range = { segment: first.segment, from: first.position, to: first.position + 1 };
    const [found] = await history().read(this.run.conversationId, [range]);
    return found?.run === this.run.id && found.createdAt === at;
  }

  /** A write that fails because the run is not live any more says so; one that meets trouble is tried again. */
  async #whileLive<Result>(write: () => Promise<Result>): Promise<Result> {
    const until = Date.now() + this.#patience;
    this.#mayBeDone = false;
    for (;;) {
      try {
        return await write();
      } catch (error) {
        const trouble = troubleOf(error);
        if (trouble && Date.now() >= until) throw troubleError(trouble, error);
        if (!trouble && (await isLive(this.run))) throw error;
        if (!trouble) throw new RunLostError(this.run.id, { cause: error });
        this.#mayBeDone = true;
      }
      await pause(pauseBetween);
    }
  }
}

const pauseBetween = 500;
const mostAttempts = 5;

/** Fails the whole batch unless the run is live: two processes can't both write for one run. */
function stillLive(run: Run): InStatement {
  return {
    sql: `UPDATE runs SET status = CASE WHEN status = 'running' THEN status END, heartbeat_at = ${nowInSql} WHERE id = ?`,
    args: [run.id],
  };
}

async function isLive(run: Run): Promise<boolean> {
  const found = await client().execute({
    sql: "SELECT 1 FROM runs WHERE id = ? AND status = 'running'",
    args: [run.id],
  });
  return found.rows.length > 0;
}

async function hasEnded(run: Run, { status }: Ending, at: number): Promise<boolean> {
  const found = await client().execute({
    sql: "SELECT 1 FROM runs WHERE id = ? AND status = ? AND finished_at = ?",
    args: [run.id, status, at],
  });
  return found.rows.length > 0;
}

function ended(run: Run, { status, model, usage, error }: Ending, now: number): InStatement {
  return {
    sql: "UPDATE runs SET status = ?, model = coalesce(?, model), usage = coalesce(?, usage), error = ?, finished_at = ? WHERE id = ?",
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
