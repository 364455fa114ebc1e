import { follow, NothingToFollow } from "./follow.ts";
import { type Turn, Turns } from "./turns.ts";
import type { Wish, Word } from "./words.ts";

/**
 * A browser opens six connections to a server over plain HTTP/1.1. One is for the news; so many
 * more are for runs, and the rest stays free for pages and actions.
 */
const runsAtATime = 3;
/** How long a run is read while others wait for their turn, in milliseconds. */
const slice = 1_000;
/** A tab that has been silent for so long is gone, or asleep: it says what it wants when it wakes. */
const patience = 60_000;
/** How long nobody asks for news again after the server has refused them. */
const refusalRest = 60_000;

interface Port {
  postMessage(word: Word): void;
}

interface Tab {
  heardAt: number;
  inbox: boolean;
  /** The connections that it has or waits for, by the key of its wish. */
  turns: Map<number, { turn: Turn | null; control: AbortController }>;
}

interface Means {
  request?: typeof fetch;
  wait?: (attempt: number, signal?: AbortSignal) => Promise<void>;
  turns?: Turns;
}

/** Reads the news once for all tabs of a person, and says which of them may hold a connection for a run. */
export class Hub {
  readonly #means: Means;
  readonly #turns: Turns;
  readonly #tabs = new Map<Port, Tab>();
  #inbox: { control: AbortController; ready: boolean } | null = null;
  #refusedAt = Number.NEGATIVE_INFINITY;

  constructor({ turns = new Turns(runsAtATime, slice), ...means }: Means = {}) {
    this.#turns = turns;
    this.#means = means;
  }

  /** Takes in what a tab wants from now on. */
  hear(port: Port, { inbox, turns }: Wish): void {
    const tab = this.#tabs.get(port) ?? { heardAt: 0, inbox: false, turns: new Map() };
    tab.heardAt = Date.now();
    this.#tabs.set(port, tab);
    port.postMessage({ type: "here" });

    const wanted = new Set(turns.map(({ key }) => key));
    for (const key of tab.turns.keys()) if (!wanted.has(key)) this.#end(tab, key);
    for (const { key, first, open } of turns) {
      if (!tab.turns.has(key)) void this.#take(port, tab, key, first);
      if (open) tab.turns.get(key)?.turn?.opened();
    }

    const joins = inbox !== null && !tab.inbox;
    tab.inbox = inbox !== null;
    if (inbox !== null) this.#openInbox(inbox);
    if (joins && this.#inbox?.ready) port.postMessage({ type: "ready" });
    if (!tab.inbox && tab.turns.size === 0) this.#tabs.delete(port);
    this.#letGo();
  }

  async #take(port: Port, tab: Tab, key: number, first: boolean): Promise<void> {
    const control = new AbortController();
    const held: { turn: Turn | null; control: AbortController } = { turn: null, control };
    tab.turns.set(key, held);
    const turn = await this.#turns.take(control.signal, first);
    if (control.signal.aborted) return turn.end();
    held.turn = turn;
    turn.over.addEventListener("abort", () => port.postMessage({ type: "over", key }));
    port.postMessage({ type: "turn", key });
  }

  #end(tab: Tab, key: number): void {
    const held = tab.turns.get(key);
    tab.turns.delete(key);
    held?.control.abort();
    held?.turn?.end();
  }

  /** Nobody keeps room for tabs that are gone, or reads the news when no tab wants them. */
  #letGo(): void {
    for (const tab of this.#tabs.values()) {
      if (Date.now() - tab.heardAt < patience) continue;
      for (const key of [...tab.turns.keys()]) this.#end(tab, key);
    }
    if ([...this.#tabs.values()].some(({ inbox }) => inbox)) return;
    this.#inbox?.control.abort();
    this.#inbox = null;
  }

  #openInbox(person: string): void {
    if (this.#inbox || Date.now() - this.#refusedAt < refusalRest) return;
    const inbox = { control: new AbortController(), ready: false };
    this.#inbox = inbox;
    void this.#readInbox(person, inbox);
  }

  async #readInbox(person: string, inbox: { control: AbortController; ready: boolean }): Promise<void> {
    const { request, wait } = this.#means;
    try {
      const address = `/api/inbox?person=${encodeURIComponent(person)}`;
      for await (const events of follow(address, { signal: inbox.control.signal, request, wait })) {
        for (const { name, data } of events) {
          inbox.ready = true;
          this.#tellAll(name === "ready" ? { type: "ready" } : { type: "news", news: JSON.parse(data) });
        }
      }
    } catch (error) {
      if (!(error instanceof NothingToFollow)) throw error;
      this.#refusedAt = Date.now();
    }
    if (this.#inbox === inbox) this.#inbox = null;
  }

  #tellAll(word: Word): void {
    for (const [port, { inbox }] of this.#tabs) if (inbox) port.postMessage(word);
  }
}
