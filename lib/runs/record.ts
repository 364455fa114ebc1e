import type { InStatement } from "@libsql/client";
import type { AgentInputItem } from "@openai/agents";
import { eq } from "drizzle-orm";
import { client, database } from "#db/client.ts";
import { conversations, type RunFailure, type RunUsage } from "#db/schema.ts";
import type { Run } from "#lib/access.ts";
import { history, statement } from "#lib/history.ts";
import { applyChange } from "#lib/sessions/apply.ts";
import { planAppend } from "#lib/sessions/changes.ts";
import { findBranch, lineage } from "#lib/sessions/segments.ts";
import type { Change, SessionState } from "#lib/sessions/store.ts";
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

/** The history of a live run as this process knows it; others write to it as well, and then it is read again. */
export class RunRecord {
  readonly run: Run;
  #state: SessionState;

  constructor(run: Run, state: SessionState) {
    this.run = run;
    this.#state = state;
  }

  /** The items of the run's branch. */
  async items(): Promise<AgentInputItem[]> {
    const stored = await history().read(this.run.conversationId, lineage(this.#state, this.run.branchId));
    return stored.map(({ item }) => item);
  }

  /** Appends what an agent finished. `next` is who answers from now on, when that changes. */
  async append(items: AgentInputItem[], by: { agent: string; next?: string }): Promise<void> {
    const at = Date.now();
    await this.#commit((state) =>
      planAppend(state, this.run.branchId, items, { at, agent: by.agent, run: this.run.id, branchAgent: by.next }),
    );
  }

  /** Appends the rest and ends the run, in one write. Answers what the message says of the run from now on. */
  async finish(rest: AgentInputItem[], agent: string, ending: Ending): Promise<Partial<MessageMetadata>> {
    const { run } = this;
    const at = Date.now();
    const touched = database()
      .update(conversations)
      .set({ activeAt: at })
      .where(eq(conversations.id, run.conversationId));
    const also = [ended(run, ending, at), statement(touched)];
    if (rest.length > 0) {
      await this.#commit((state) => planAppend(state, run.branchId, rest, { at, agent, run: run.id }), also);
    } else {
      await this.#whileLive(() => client().batch([stillLive(run), ...also], "write"));
    }
    return {
      ...runMetadata({ ...run, ...ending, model: ending.model ?? null, error: ending.error ?? null, finishedAt: at }),
      end: findBranch(this.#state, run.branchId).length,
    };
  }

  /** Commits what is planned on the newest state: when somebody else has written, it is planned again. */
  async #commit(plan: (state: SessionState) => Change, also: InStatement[] = []): Promise<void> {
    const { conversationId } = this.run;
    for (let attempt = 1; ; attempt++) {
      const change = plan(this.#state);
      const result = await this.#whileLive(() =>
        history().commit(conversationId, change, { also: [stillLive(this.run), ...also] }),
      );
      if (result.status !== "conflict") {
        this.#state = applyChange(conversationId, this.#state, change);
        return;
      }
      const state = await history().load(conversationId);
      if (!state || attempt === mostAttempts) throw new RunLostError(this.run.id, { cause: new Error(result.reason) });
      this.#state = state;
    }
  }

  /** A write that fails because the run is not live any more says so. */
  async #whileLive<Result>(write: () => Promise<Result>): Promise<Result> {
    try {
      return await write();
    } catch (error) {
      if (await isLive(this.run)) throw error;
      throw new RunLostError(this.run.id, { cause: error });
    }
  }
}

const mostAttempts = 5;

/** Fails the whole batch unless the run is live: two processes can't both write for one run. */
function stillLive(run: Run): InStatement {
  return {
    sql: "UPDATE runs SET status = CASE WHEN status = 'running' THEN status END, heartbeat_at = ? WHERE id = ?",
    args: [Date.now(), run.id],
  };
}

async function isLive(run: Run): Promise<boolean> {
  const found = await client().execute({
    sql: "SELECT 1 FROM runs WHERE id = ? AND status = 'running'",
    args: [run.id],
  });
  return found.rows.length > 0;
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
