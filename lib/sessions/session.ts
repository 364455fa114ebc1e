import type { AgentInputItem, Session } from "@openai/agents";
import { planAppend, planCreate, planTruncate } from "./changes.ts";
import { SessionError } from "./errors.ts";
import { findBranch, lineage, slice, tail } from "./segments.ts";
import type { Change, SessionState, SessionStore, StoredItem } from "./store.ts";

export interface StoreSessionOptions {
  /** Where the session is kept. */
  store: SessionStore;
  /** The session's id, for example `alice:support/01J...`. It is made when the first item is added. */
  id: string;
  /** The branch to read and write, whichever is current: the current one when absent. */
  branch?: string;
}

const ATTEMPTS = 20;

/** The SDK's `Session` over one branch of a store. */
export class StoreSession implements Session {
  readonly #store: SessionStore;
  readonly #id: string;
  readonly #branch: string | undefined;

  constructor({ store, id, branch }: StoreSessionOptions) {
    this.#store = store;
    this.#id = id;
    this.#branch = branch;
  }

  async getSessionId(): Promise<string> {
    return this.#id;
  }

  async getItems(limit?: number): Promise<AgentInputItem[]> {
    const state = await this.#store.load(this.#id);
    if (!state) return [];
    const ranges = lineage(state, this.#branch);
    const wanted = limit === undefined ? ranges : tail(ranges, Math.max(0, limit));
    return (await this.#store.read(this.#id, wanted)).map(({ item }) => item);
  }

  async addItems(items: AgentInputItem[]): Promise<void> {
    if (items.length === 0) return;
    await this.#change((state) =>
      state
        ? planAppend(state, findBranch(state, this.#branch).id, items, { at: Date.now() })
        : planCreate({ items, at: Date.now() }),
    );
  }

  async popItem(): Promise<AgentInputItem | undefined> {
    let last: StoredItem | undefined;
    await this.#change(async (state) => {
      last = undefined;
      if (!state) return undefined;
      const head = findBranch(state, this.#branch);
      if (head.length === 0) return undefined;
      [last] = await this.#store.read(this.#id, slice(lineage(state, head.id), head.length - 1, head.length));
      return planTruncate(state, head.id, head.length - 1, { at: Date.now() });
    });
    return last?.item;
  }

  async clearSession(): Promise<void> {
    await this.#change((state) =>
      state ? planTruncate(state, findBranch(state, this.#branch).id, 0, { at: Date.now() }) : undefined,
    );
  }

  async #change(
    plan: (state: SessionState | undefined) => Change | undefined | Promise<Change | undefined>,
  ): Promise<void> {
    let reason = "";
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const change = await plan(await this.#store.load(this.#id));
      if (!change) return;
      const result = await this.#store.commit(this.#id, change);
      if (result.status !== "conflict") return;
      reason = result.reason;
    }
    throw new SessionError("conflict", `Too many others write to session ${this.#id} at once. ${reason}`);
  }
}
