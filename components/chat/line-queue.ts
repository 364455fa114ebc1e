import type { Outcome } from "#lib/guard.ts";
import type { WaitingMessage } from "#lib/thread.ts";
import { type Calls, unreachable } from "./line-state.ts";
import type { LineStore } from "./line-store.ts";
import type { Operations } from "./operation.ts";

/** The messages that wait on the server until the answer that is being written is done. */
export class LineQueue {
  readonly #store: LineStore;
  readonly #calls: Calls;
  readonly #operations: Operations;
  readonly #lastRun: () => string | null;

  /** `lastRun`: the one that was followed last, which a message that is only now said to wait may have become. */
  constructor(store: LineStore, calls: Calls, operations: Operations, lastRun: () => string | null) {
    this.#store = store;
    this.#calls = calls;
    this.#operations = operations;
    this.#lastRun = lastRun;
  }

  /** Keeps a message, for the agent that was chosen or whoever has the word when its turn comes. */
  async add(text: string): Promise<Outcome<WaitingMessage>> {
    const { place, agent, chosen } = this.#store.state;
    // The conversation has no name yet: in the moment that this takes, nobody gets to writing a second message.
    if (!place) return unreachable;
    const operation = this.#operations.idOf(JSON.stringify([place, "wait", text]));
    const message = { operation, ...place, text, ...(chosen && { agent }) };
    const outcome = await this.#calls.queue(message).catch(() => unreachable);
    if (!outcome.ok) return outcome;
    this.#operations.done();
    this.#store.set({ chosen: false });
    const { queue, live, run } = this.#store.state;
    const { id } = outcome.value;
    const known = id === run || id === this.#lastRun() || queue.some((each) => each.id === id);
    if (!known) this.#store.set({ queue: [...queue, outcome.value] });
    if (!live) this.#store.doubt();
    return outcome;
  }

  /** Changes the words of a waiting message. `was`: what they are to replace. */
  async edit({ id }: WaitingMessage, text: string, was: string): Promise<Outcome<WaitingMessage>> {
    const outcome = await this.#calls.editQueued({ id, text, was }).catch(() => unreachable);
    const { queue, live } = this.#store.state;
    if (outcome.ok) this.#store.set({ queue: queue.map((each) => (each.id === id ? outcome.value : each)) });
    else if (!live) this.#store.doubt();
    return outcome;
  }

  /** Takes a waiting message back. */
  async takeBack(message: WaitingMessage): Promise<Outcome<void>> {
    const outcome = await this.#calls.unqueue({ id: message.id }).catch(() => unreachable);
    this.#store.set({ queue: this.#store.state.queue.filter(({ id }) => id !== message.id) });
    if (!outcome.ok) this.#store.doubt();
    return outcome;
  }

  /** Lets the waiting messages go on after an answer that failed or was stopped. */
  async goOn(): Promise<Outcome<void>> {
    const { place } = this.#store.state;
    if (!place) return unreachable;
    const outcome = await this.#calls.sendQueued(place).catch(() => unreachable);
    this.#store.doubt();
    return outcome;
  }
}
