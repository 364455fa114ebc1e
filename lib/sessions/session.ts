import type {
  AgentInputItem,
  RunContext,
  SessionHistoryRewriteArgs,
  SessionHistoryTransactionArgs,
} from "@openai/agents";
import { asStored, digestOf } from "./canonical.ts";
import {
  planCreate,
  planDeleteBranch,
  planFork,
  planMetadata,
  planRename,
  planSetAgent,
  planSummary,
  planSwitch,
} from "./changes.ts";
import { checkItems, known, now, SessionCore, suffixChanged } from "./core.ts";
import { SessionError } from "./errors.ts";
import { endsWith, planCreateWith, planProbe, planReplaceTail, replaceCall } from "./rewrite.ts";
import { addUsage } from "./runs.ts";
import { settle } from "./sanitise.ts";
import { lineage, type Parting, partings, tail } from "./segments.ts";
import type { Branch, SessionState, StoredItem, Usage } from "./store.ts";
import { findTurns, NO_USAGE, type Turn, turnsOf } from "./turns.ts";

export interface SessionInfo {
  id: string;
  metadata: Record<string, unknown>;
  /** Milliseconds since 1970. */
  createdAt: number;
  /** Milliseconds since 1970. */
  lastActivityAt: number;
  /** How many items the branch has. */
  items: number;
  turns: number;
  /** How many of the items can't be read any more. */
  unreadable: number;
  /** The name of the branch. */
  branch: string;
  branches: number;
  /** Who answers next, as far as is known. */
  agent: string | null;
}

export interface BranchInfo extends Branch {
  /** True for the branch that is shown and written to when none is named. */
  current: boolean;
  /** The position at which its own items begin; what is before it shares with others. */
  forkedAt: number;
}

/** The SDK's `Session` in full over one branch of a store, and what can be done to branches. */
export class StoreSession extends SessionCore {
  /** Changes the history once, however often it is called with the same id. */
  async applyHistoryTransaction(
    { operationId, transaction }: SessionHistoryTransactionArgs,
    runContext?: RunContext<unknown>,
  ): Promise<void> {
    if (typeof operationId !== "string" || operationId.trim() === "") {
      throw new SessionError("option_invalid", "A history transaction needs an operationId.");
    }
    const digest = digestOf(transaction);
    const added = checkItems(transaction.type === "append_items" ? transaction.items : transaction.replacement);
    const removed = transaction.type === "append_items" ? [] : transaction.expectedSuffix;
    await this.log("rewrite", async () => {
      const at = Date.now();
      await this.change(async (state) => {
        const head = state && this.resolve(state);
        const made = this.runs.describe(added, runContext, head?.agent ?? null, at);
        if (!state || !head) {
          if (removed.length > 0) throw suffixChanged(this.id);
          return { ...planCreateWith(this.id, made.items, made.agent, at), operation: operationId, digest };
        }
        const kept = await this.store.read(this.id, tail(lineage(state, head.id), removed.length));
        if (!endsWith(kept, removed)) return planProbe(operationId, digest, at);
        const change = planReplaceTail(state, head.id, head.length - removed.length, made.items, at);
        return { ...change, operation: operationId, digest };
      });
      return added;
    });
  }

  /** Replaces calls in the history, as the SDK does when an approval changed one. */
  async applyHistoryMutations({ mutations }: SessionHistoryRewriteArgs): Promise<void> {
    await this.log("rewrite", async () => {
      for (const { callId, replacement } of mutations) {
        await this.change(async (state) => {
          if (!state) return undefined;
          const head = this.resolve(state);
          const history = await this.store.read(this.id, lineage(state, head.id));
          const { from, items } = replaceCall(history, callId, replacement);
          return from < 0 ? undefined : planReplaceTail(state, head.id, from, items, Date.now());
        });
      }
      return [];
    });
  }

  /** Lets a compaction item of the provider stand for what is before it. Where the rest is what is stored, that stays too. */
  async replaceHistoryWithCompaction(items: AgentInputItem[], runContext?: RunContext<unknown>): Promise<void> {
    const [compaction, ...rest] = checkItems(items);
    if (!compaction) return this.clearSession();
    await this.log("rewrite", async () => {
      await this.change(async (state) => {
        const at = Date.now();
        if (!state) {
          const made = this.runs.describe(items, runContext, null, at);
          return planCreateWith(this.id, made.items, made.agent, at);
        }
        const head = this.resolve(state);
        const position = head.length - rest.length;
        const kept = await this.store.read(this.id, tail(lineage(state, head.id), rest.length));
        if (position > 0 && endsWith(kept, rest)) return planSummary(state, head.id, position, [compaction], { at });
        const made = this.runs.describe(items, runContext, head.agent, at);
        return planReplaceTail(state, head.id, 0, made.items, at);
      });
      return items;
    });
  }

  /** Items are sent to the model as they are stored. */
  prepareHistoryItemForModelInput(item: AgentInputItem): AgentInputItem {
    return item;
  }

  /** What a store keeps of items: JSON has no `undefined`. */
  prepareHistoryItemsForPersistenceComparison(items: AgentInputItem[]): AgentInputItem[] {
    return asStored(items);
  }

  /** The runner's own policy decides: this store needs no ids. */
  preserveReasoningItemIdsForPersistence(): boolean {
    return false;
  }

  /** Everything on the branch as it was stored, with who made it and when. */
  async history(): Promise<StoredItem[]> {
    const state = await this.store.load(this.id);
    return state ? this.store.read(this.id, lineage(state, this.resolve(state).id)) : [];
  }

  /** Ends calls that were left open (after a crash, an abort, an approval nobody gave) with a result that says so. */
  async settle(reason?: string): Promise<number> {
    const state = await this.store.load(this.id);
    if (!state) return 0;
    const history = await this.store.read(this.id, lineage(state, this.resolve(state).id));
    const results = settle(
      history.map(({ item }) => item),
      reason,
    );
    await this.addItems(results);
    return results.length;
  }

  /** What is known of the session, or undefined when it was never written to. */
  async info(): Promise<SessionInfo | undefined> {
    const state = await this.store.load(this.id);
    if (!state) return undefined;
    const head = this.resolve(state);
    const history = await this.store.read(this.id, lineage(state, head.id));
    return {
      id: this.id,
      metadata: state.metadata,
      createdAt: state.createdAt,
      lastActivityAt: state.updatedAt,
      items: head.length,
      turns: turnsOf(history).length,
      unreadable: head.length - history.length,
      branch: head.name,
      branches: state.branches.length,
      agent: head.agent,
    };
  }

  /** Merges into the metadata; `undefined` removes a key. */
  async setMetadata(patch: Record<string, unknown>): Promise<void> {
    await this.log("metadata", async () => {
      await this.change((state) => {
        const metadata = asStored({ ...state?.metadata, ...patch });
        return state ? planMetadata(metadata, { at: Date.now() }) : planCreate({ metadata, at: Date.now() });
      });
      return [];
    });
  }

  /** Says who answers next on the branch. */
  async setAgent(agent: string | null): Promise<void> {
    await this.log("branch", async () => {
      await this.change((state) => planSetAgent(known(state, this.id), this.resolve(state).id, agent, now()));
      return [];
    });
  }

  /** The turns of the branch, with what each began with and what it cost. */
  async turns(): Promise<Turn[]> {
    return turnsOf(await this.history());
  }

  /** The turns in which this text occurs. */
  async findTurns(text: string): Promise<Turn[]> {
    return findTurns(await this.history(), text);
  }

  /** What the branch cost so far: in all, and by agent and model as far as those are known. */
  async usage(): Promise<{ total: Usage; byAgent: Record<string, Usage>; byModel: Record<string, Usage> }> {
    const result = { total: NO_USAGE, byAgent: {} as Record<string, Usage>, byModel: {} as Record<string, Usage> };
    for (const { usage, agent, model } of await this.history()) {
      if (!usage) continue;
      result.total = addUsage(result.total, usage);
      if (agent) result.byAgent[agent] = addUsage(result.byAgent[agent] ?? NO_USAGE, usage);
      if (model) result.byModel[model] = addUsage(result.byModel[model] ?? NO_USAGE, usage);
    }
    return result;
  }

  /**
   * A new branch with the first `at` items of this one. Nothing is copied and nothing is switched:
   * the session that is returned stays on the new branch, `switchTo` makes it the current one.
   *
   * @param name "branch 2", "branch 3", ... when absent.
   */
  async fork(at: number, name?: string): Promise<StoreSession> {
    let made: Branch | undefined;
    await this.log("fork", async () => {
      await this.change((state) => {
        const present = known(state, this.id);
        const free = name ?? freeName(present);
        const change = planFork(present, this.resolve(present).id, at, { name: free, ...now() });
        made = change.branches?.[0];
        return change;
      });
      return [];
    });
    return new StoreSession({ ...this.options, ...(made ? { branch: made.id } : {}), release: undefined });
  }

  /** All branches, in the order in which they were made. */
  async branches(): Promise<BranchInfo[]> {
    const state = await this.store.load(this.id);
    if (!state) return [];
    const forks = new Map(state.segments.map(({ id, fork }) => [id, fork]));
    return state.branches.map((branch) => ({
      ...branch,
      current: branch.id === state.current,
      forkedAt: forks.get(branch.segment) ?? 0,
    }));
  }

  /** Where other branches go another way than this one. */
  async partings(): Promise<Parting[]> {
    const state = await this.store.load(this.id);
    return state ? partings(state, this.resolve(state).id) : [];
  }

  /** Makes a branch (its id or name) the current one, for every process. */
  async switchTo(branch: string): Promise<void> {
    await this.log("switch", async () => {
      await this.change((state) => planSwitch(known(state, this.id), this.resolve(state, branch).id, now()));
      return [];
    });
    if (this.branch !== undefined) this.branch = branch;
    this.forget();
  }

  async renameBranch(branch: string, name: string): Promise<void> {
    await this.log("branch", async () => {
      await this.change((state) => planRename(known(state, this.id), this.resolve(state, branch).id, name, now()));
      return [];
    });
    if (this.branch === branch) this.branch = name;
  }

  /** Removes a branch: not the last one, and the current one only by `force`. */
  async deleteBranch(branch: string, { force = false }: { force?: boolean } = {}): Promise<void> {
    await this.log("branch", async () => {
      await this.change((state) =>
        planDeleteBranch(known(state, this.id), this.resolve(state, branch).id, { force, ...now() }),
      );
      return [];
    });
    this.forget();
  }

  /** Puts a summary over everything before `position`; the items stay. */
  async summarise(position: number, items: AgentInputItem[]): Promise<void> {
    await this.putSummary(position, items);
  }
}

function freeName(state: SessionState): string {
  const names = new Set(state.branches.map(({ name }) => name));
  let number = state.branches.length + 1;
  while (names.has(`branch ${number}`)) number++;
  return `branch ${number}`;
}
