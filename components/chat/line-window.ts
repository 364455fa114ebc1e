import type { Thread, ThreadWindow } from "#lib/thread.ts";
import { type Held, holds, renewed, shortened, shownOf, withAround, withEarlier, withLater } from "./held.ts";
import type { Calls, Edge } from "./line-state.ts";
import type { LineStore } from "./line-store.ts";

/** Which part of a long branch a line holds: the newest messages, and what was fetched from further up. */
export class LineWindow {
  readonly #store: LineStore;
  readonly #fetch: Calls["fetch"];
  /** Fetched for a branch that is about to be shown. */
  #prepared: { branch: string; window: ThreadWindow } | null = null;

  constructor(store: LineStore, fetch: Calls["fetch"]) {
    this.#store = store;
    this.#fetch = fetch;
  }

  /** What is held once the server has given the branch anew. `length`: how long it was known to be here. */
  renewed({ messages, from, branch }: Thread, length: number | undefined): Held {
    const { state } = this.#store;
    const prepared = this.#prepared;
    this.#prepared = null;
    if (branch.id === state.place?.branch) {
      return renewed(state, { messages, from }, length ?? state.messages.at(-1)?.metadata?.end ?? 0);
    }
    const held = { messages, from, away: null };
    return prepared?.branch === branch.id ? withAround(held, prepared.window) : held;
  }

  /** Fetches what stands before or after the messages that are shown. */
  async more(edge: Edge): Promise<void> {
    const { place, fetching, away } = this.#store.state;
    const { from } = shownOf(this.#store.state);
    if (!place || fetching || (edge === "earlier" ? from === 0 : !away)) return;
    this.#store.set({ fetching: edge, unfetched: null });
    const at = edge === "later" && away ? { after: away.to } : { before: from };
    const window = await this.#fetch(place, at).catch(() => null);
    const now = this.#store.state;
    const moved = now.place?.branch !== place.branch || shownOf(now).from !== from || now.away?.to !== away?.to;
    if (moved) this.#store.set({ fetching: null });
    else if (!window) this.#store.set({ fetching: null, unfetched: edge });
    else {
      const held = edge === "earlier" ? withEarlier(now, window) : withLater(now, window);
      this.#store.set({ ...held, fetching: null });
    }
  }

  /** Shows the message at a position; false when there is none. Fails when it can't be fetched. */
  async reach(position: number): Promise<boolean> {
    const { state } = this.#store;
    const { place } = state;
    if (!place || holds(state, position)) return place !== null;
    if (holds({ ...state, away: null }, position)) {
      this.newest();
      return true;
    }
    const window = await this.#fetch(place, { around: position });
    const now = this.#store.state;
    if (now.place?.branch === place.branch) this.#store.set({ ...withAround(now, window), unfetched: null });
    return holds(this.#store.state, position);
  }

  /** Fetches what is at this position of another branch, to show it when that branch is. */
  async prepare(branch: string, position: number): Promise<void> {
    const { place } = this.#store.state;
    if (!place) return;
    const window = await this.#fetch({ ...place, branch }, { around: position }).catch(() => null);
    this.#prepared = window && { branch, window };
  }

  /** Shows the newest messages again. */
  newest(): void {
    if (this.#store.state.away) this.#store.set({ away: null, unfetched: null });
  }

  /** Lets go of what is far above the end, while somebody is there. */
  shorten(): void {
    const held = shortened(this.#store.state);
    if (held.messages !== this.#store.state.messages) this.#store.set(held);
  }
}
