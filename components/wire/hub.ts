import { follow, NothingToFollow, type ServerSentEvent } from "./follow.ts";
import { Turns } from "./turns.ts";
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

interface Follower {
  port: Port;
  key: number;
  last: number;
}

interface Tab {
  heardAt: number;
  inbox: boolean;
  /** The runs it follows, by the key of its wish. */
  runs: Map<number, string>;
}

interface RunStream {
  /** The event before the first one that is kept. */
  after: number;
  events: ServerSentEvent[];
  followers: Set<Follower>;
  lost: boolean;
  control: AbortController;
}

interface Means {
  request?: typeof fetch;
  wait?: (attempt: number, signal?: AbortSignal) => Promise<void>;
  turns?: Turns;
}

/** Reads the streams of the server once for all tabs, and hands on what comes. */
export class Hub {
  readonly #means: Means;
  readonly #turns: Turns;
  readonly #tabs = new Map<Port, Tab>();
  readonly #streams = new Map<string, RunStream>();
  #inbox: { control: AbortController; ready: boolean } | null = null;
  #refusedAt = Number.NEGATIVE_INFINITY;

  constructor({ turns = new Turns(runsAtATime, slice), ...means }: Means = {}) {
    this.#turns = turns;
    this.#means = means;
  }

  /** Takes in what a tab wants from now on. */
  hear(port: Port, { inbox, runs }: Wish): void {
    const tab = this.#tabs.get(port) ?? { heardAt: 0, inbox: false, runs: new Map() };
    tab.heardAt = Date.now();
    this.#tabs.set(port, tab);
    port.postMessage({ type: "here" });

    const wanted = new Set(runs.map(({ key }) => key));
    for (const key of tab.runs.keys()) if (!wanted.has(key)) this.#leave(port, tab, key);
    for (const { key, run, after } of runs) {
      if (tab.runs.has(key)) continue;
      tab.runs.set(key, run);
      this.#follow(run, { port, key, last: after });
    }

    const joins = inbox !== null && !tab.inbox;
    tab.inbox = inbox !== null;
    if (inbox !== null) this.#openInbox(inbox);
    if (joins && this.#inbox?.ready) port.postMessage({ type: "ready" });
    if (!tab.inbox && tab.runs.size === 0) this.#tabs.delete(port);
    this.#letGo();
  }

  /** Nobody reads for tabs that are gone, and nothing that no tab wants. */
  #letGo(): void {
    for (const [port, tab] of this.#tabs) {
      if (Date.now() - tab.heardAt < patience) continue;
      for (const key of [...tab.runs.keys()]) this.#leave(port, tab, key);
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

  #leave(port: Port, tab: Tab, key: number): void {
    const run = tab.runs.get(key) ?? "";
    tab.runs.delete(key);
    const stream = this.#streams.get(run);
    if (!stream) return;
    for (const follower of stream.followers) {
      if (follower.port === port && follower.key === key) stream.followers.delete(follower);
    }
    if (stream.followers.size > 0) return;
    stream.control.abort();
    this.#streams.delete(run);
  }

  #follow(run: string, follower: Follower): void {
    const known = this.#streams.get(run);
    if (known && known.after <= follower.last) {
      known.followers.add(follower);
      give(follower, known.events);
      if (known.lost) follower.port.postMessage({ type: "lost", key: follower.key, lost: true });
      return;
    }
    // It wants what was read before anybody kept it: all of them read on from there.
    known?.control.abort();
    const stream: RunStream = {
      after: follower.last,
      events: [],
      followers: new Set([...(known?.followers ?? []), follower]),
      lost: false,
      control: new AbortController(),
    };
    this.#streams.set(run, stream);
    void this.#read(run, stream);
  }

  async #read(run: string, stream: RunStream): Promise<void> {
    const { request, wait } = this.#means;
    const { signal } = stream.control;
    const tell = (word: (key: number) => Word) => {
      for (const { port, key } of stream.followers) port.postMessage(word(key));
    };
    const onLost = (lost: boolean) => {
      stream.lost = lost;
      tell((key) => ({ type: "lost", key, lost }));
    };
    let problem: string | null = null;
    try {
      const options = { signal, after: stream.after, onLost, turn: this.#turns.take, request, wait };
      for await (const events of follow(`/api/runs/${run}/events`, options)) {
        stream.events.push(...events);
        for (const follower of stream.followers) give(follower, events);
      }
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
    }
    if (signal.aborted) return;
    this.#streams.delete(run);
    tell((key) => (problem === null ? { type: "done", key } : { type: "refused", key, problem }));
    for (const { port, key } of stream.followers) this.#tabs.get(port)?.runs.delete(key);
  }
}

/** Each follower gets each event once, whenever it has joined. */
function give(follower: Follower, events: readonly ServerSentEvent[]): void {
  const fresh = events.filter(({ id }) => id > follower.last);
  const last = fresh.at(-1);
  if (!last) return;
  follower.last = last.id;
  follower.port.postMessage({ type: "events", key: follower.key, events: fresh });
}
