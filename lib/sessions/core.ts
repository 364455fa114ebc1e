import type { AgentInputItem, RunContext } from "@openai/agents";
import { planSummary, planTruncate } from "./changes.ts";
import { isItem } from "./codec.ts";
import { type Compaction, findSummary, warnOfSummary } from "./compaction.ts";
import { SessionError } from "./errors.ts";
import { exclusively } from "./exclusive.ts";
import { commitGrouped } from "./grouped.ts";
import { readNewest, readView } from "./overlay.ts";
import { planCreateWith } from "./rewrite.ts";
import { type RunSource, RunTracker } from "./runs.ts";
import { findOpenCalls, isUserMessage, settle } from "./sanitise.ts";
import { lineage, slice, tail } from "./segments.ts";
import type { Append, Branch, Change, CommitResult, NewItem, SessionState, SessionStore, StoredItem } from "./store.ts";

/** Something that was done to a session: for a log, a metric, an audit. */
export interface Activity {
  session: string;
  action:
    | "read"
    | "append"
    | "pop"
    | "clear"
    | "rewrite"
    | "fork"
    | "switch"
    | "branch"
    | "metadata"
    | "summary"
    | "remove";
  /** How many items were read or written. */
  items: number;
  /** Milliseconds since 1970. */
  at: number;
  /** How long it took, in milliseconds. */
  duration: number;
}

export interface SessionOptions {
  /** How many items `getItems()` returns at most when it is not told: all when absent. */
  historyLimit?: number;
  /** Called after everything that is done to the session. What it throws is not caught. */
  onActivity?: (activity: Activity) => void;
}

export interface StoreSessionOptions extends SessionOptions {
  /** Where the session is kept. */
  store: SessionStore;
  /** The session's id, for example `alice:support/01J...`. It is made when the first item is added. */
  id: string;
  /** The id or name of the branch to stay on. Absent: whichever is the current one. */
  branch?: string;
  /** What `close()` does besides closing the session: closes the store, where the session opened it. */
  release?: () => Promise<void>;
  compaction?: Compaction;
}

interface Made {
  items: NewItem[];
  agent: string | null;
}

interface Head {
  branch: string;
  agent: string | null;
  /** Where the end of the branch is, as long as nobody else writes. */
  likely?: { segment: string; length: number };
}

const ATTEMPTS = 60;
const LONGEST_WAIT_MS = 40;
const LOOK_BACK = 32;

/** The five methods of the SDK's `Session` over one branch of a store; `StoreSession` has the rest. */
export class SessionCore {
  readonly acceptsRunContext = true;
  readonly options: StoreSessionOptions;
  protected readonly runs = new RunTracker();
  protected branch: string | undefined;
  /** Where the last write went: the next one is tried there first. */
  #head: Head | undefined;
  /** Calls without a result at the end of the branch, as far as this object wrote them. */
  #open: AgentInputItem[] | undefined;
  #closed = false;

  constructor(options: StoreSessionOptions) {
    const { historyLimit } = options;
    if (historyLimit !== undefined && !(historyLimit >= 0)) {
      throw new SessionError("option_invalid", `historyLimit is ${historyLimit}. Give a number of items from 0.`);
    }
    this.options = options;
    this.branch = options.branch;
  }

  /** Where the session is kept. */
  get store(): SessionStore {
    if (this.#closed) throw new SessionError("store_closed", `Session ${this.id} was closed. Open a new one.`);
    return this.options.store;
  }

  /** The session's id. */
  get id(): string {
    return this.options.id;
  }

  async getSessionId(): Promise<string> {
    return this.id;
  }

  /**
   * What a model gets: the newest summary and what came after it, without halves of tool calls.
   * Use `history()` for everything as it was stored.
   *
   * @param limit The most items to return, the newest: they never start inside a tool call.
   */
  async getItems(limit: number | undefined = this.options.historyLimit): Promise<AgentInputItem[]> {
    return this.log("read", async () => {
      const newest = await readNewest(this.store, this.id, this.branch, limit);
      if (newest) return newest;
      const state = await this.store.load(this.id);
      return state ? readView(this.store, state, this.resolve(state).id, limit) : [];
    });
  }

  /** Adds items, all or none. Calls that were left open are settled before a new message of the user. */
  async addItems(items: AgentInputItem[], runContext?: RunContext<unknown>): Promise<void> {
    if (items.length === 0) return;
    await this.log("append", async () => {
      // In the order in which they were added, also when nobody waits in between.
      await exclusively(this, "append", () => this.#append(items, runContext));
      return items;
    });
    if (this.options.compaction) await this.#compact(this.options.compaction);
  }

  /** Removes the newest item and returns it. Items that can't be read any more are removed on the way. */
  async popItem(): Promise<AgentInputItem | undefined> {
    const [popped] = await this.log("pop", async () => {
      let last: StoredItem | undefined;
      await this.change(async (state) => {
        if (!state) return undefined;
        const head = this.resolve(state);
        last = await this.#lastReadable(state, head);
        const length = last ? last.position : 0;
        return length < head.length ? planTruncate(state, head.id, length, { at: Date.now() }) : undefined;
      });
      return last ? [last.item] : [];
    });
    return popped;
  }

  async #lastReadable(state: SessionState, head: Branch): Promise<StoredItem | undefined> {
    const ranges = lineage(state, head.id);
    for (let size = 1, to = head.length; to > 0; to -= size, size *= 2) {
      const last = (await this.store.read(this.id, slice(ranges, to - size, to))).at(-1);
      if (last) return last;
    }
    return undefined;
  }

  /** Empties the branch. Branches that share its past keep it. */
  async clearSession(): Promise<void> {
    await this.log("clear", async () => {
      await this.change((state) => state && planTruncate(state, this.resolve(state).id, 0, { at: Date.now() }));
      return [];
    });
  }

  /** Listens to a `Runner` (or an `Agent`), so that items are stored with the agent and the model that made them. */
  observe(source: RunSource): this {
    this.runs.observe(source);
    return this;
  }

  /** Removes the session with all its branches; false when there was none. */
  async remove(): Promise<boolean> {
    this.forget();
    let removed = false;
    await this.log("remove", async () => {
      removed = await this.store.remove(this.id);
      return [];
    });
    return removed;
  }

  /** Closes the session, and the store if the session opened it. Can be called any number of times. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.options.release?.();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #compact(compaction: Compaction): Promise<void> {
    try {
      const state = known(await this.store.load(this.id), this.id);
      const head = this.resolve(state);
      const summary = await findSummary(this.store, state, head.id, compaction);
      if (summary) await this.putSummary(summary.position, summary.items, head.id);
    } catch (error) {
      // The items are stored already: a summary that fails must not look like an answer that was lost.
      (compaction.onError ?? warnOfSummary)(error);
    }
  }

  protected async putSummary(position: number, items: AgentInputItem[], branch?: string): Promise<void> {
    await this.log("summary", async () => {
      await this.change((state) =>
        planSummary(known(state, this.id), this.resolve(state, branch).id, position, checkItems(items), now()),
      );
      return items;
    });
  }

  async #append(items: AgentInputItem[], runContext?: RunContext<unknown>): Promise<void> {
    const at = Date.now();
    const first = checkItems(items)[0];
    this.#head ??= await this.#loadHead();
    const settled = first && isUserMessage(first) ? settle(this.#open ?? (await this.#readOpen())) : [];
    const made = this.runs.describe([...settled, ...items], runContext, this.#head?.agent ?? null, at);
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const head: Head | undefined = this.#head ?? (await this.#loadHead());
      const result = head
        ? await commitGrouped(this.store, this.id, this.#planAppend(head, made, at))
        : await this.store.commit(this.id, planCreateWith(this.id, made.items, made.agent, at));
      if (result.status !== "conflict") {
        this.#head = head && follow(head, made, result);
        const calls = [...(this.#open ?? []), ...settled, ...items];
        this.#open = findOpenCalls(calls).flatMap((index) => calls[index] ?? []);
        return;
      }
      this.forget();
      await pause(attempt);
    }
    throw busy(this.id);
  }

  #planAppend({ branch, agent, likely }: Head, made: Made, at: number): Change & { append: Append } {
    const append: Append = { branch, items: made.items };
    if (made.agent !== agent) append.agent = made.agent;
    if (likely) append.likely = likely;
    return { append, ...(this.branch === undefined ? { expectCurrent: branch } : {}), at };
  }

  async #loadHead(): Promise<Head | undefined> {
    const state = await this.store.load(this.id);
    if (!state) {
      if (this.branch !== undefined) throw missing(this.id);
      this.#open = [];
      return undefined;
    }
    const { id, agent, segment, length } = this.resolve(state);
    return { branch: id, agent, likely: { segment, length } };
  }

  async #readOpen(): Promise<AgentInputItem[]> {
    const state = await this.store.load(this.id);
    if (!state) return [];
    const last = await this.store.read(this.id, tail(lineage(state, this.resolve(state).id), LOOK_BACK));
    return findOpenCalls(last.map(({ item }) => item)).flatMap((index) => last[index]?.item ?? []);
  }

  /** Plans and commits until nobody else was faster. */
  protected async change(
    plan: (state: SessionState | undefined) => Change | undefined | Promise<Change | undefined>,
  ): Promise<void> {
    this.forget();
    await exclusively(this.store, this.id, async () => {
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const change = await plan(await this.store.load(this.id));
        if (!change) return;
        const result = await this.store.commit(this.id, change);
        if (result.status === "repeated" && result.digest !== change.digest) {
          throw new SessionError("operation_reused", "This operationId was used before, for another transaction.");
        }
        if (result.status !== "conflict") return;
        if (change.expect?.[0]?.length === -1) throw suffixChanged(this.id);
        await pause(attempt);
      }
      throw busy(this.id);
    });
  }

  protected resolve(state: SessionState | undefined, branch: string | undefined = this.branch): Branch {
    return findBranchNamed(known(state, this.id), branch);
  }

  protected forget(): void {
    this.#head = undefined;
    this.#open = undefined;
  }

  protected async log(action: Activity["action"], work: () => Promise<AgentInputItem[]>): Promise<AgentInputItem[]> {
    const { onActivity } = this.options;
    if (!onActivity) return work();
    const at = Date.now();
    const started = performance.now();
    const items = await work();
    onActivity({ session: this.id, action, items: items.length, at, duration: performance.now() - started });
    return items;
  }
}

/** Where the next append goes, after one. */
function follow({ branch, likely }: Head, { items, agent }: Made, result: CommitResult): Head {
  const isElsewhere = result.status !== "done" || result.elsewhere === true;
  if (!likely || isElsewhere) return { branch, agent };
  return { branch, agent, likely: { ...likely, length: likely.length + items.length } };
}

/** The branch of this id or name, or the current one. */
function findBranchNamed(state: SessionState, branch: string = state.current): Branch {
  const { branches } = state;
  const found = branches.find(({ id }) => id === branch) ?? branches.find(({ name }) => name === branch);
  if (!found) throw new SessionError("branch_missing", `There is no branch "${branch}". List the branches.`);
  return found;
}

export function known(state: SessionState | undefined, id: string): SessionState {
  if (!state) throw missing(id);
  return state;
}

export function missing(id: string): SessionError {
  return new SessionError("session_missing", `Session ${id} does not exist yet. Add an item first.`);
}

function busy(id: string): SessionError {
  return new SessionError("conflict", `Too many others write to session ${id} at once. Try again.`);
}

export function suffixChanged(id: string): SessionError {
  return new SessionError("suffix_changed", `Session ${id} does not end with the expected items any more.`);
}

export function checkItems(items: AgentInputItem[]): AgentInputItem[] {
  if (!Array.isArray(items) || !items.every(isItem)) {
    throw new SessionError("item_invalid", "Items are objects in a list. Turn text into a message first.");
  }
  return items;
}

export function now(): { at: number } {
  return { at: Date.now() };
}

function pause(attempt: number): Promise<void> {
  const longest = Math.min(LONGEST_WAIT_MS, 2 ** attempt);
  return new Promise((resume) => setTimeout(resume, Math.random() * longest));
}
