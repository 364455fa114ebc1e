import type { ThreadChunk } from "#components/chat/chunk.ts";
import type { InboxNews } from "#lib/inbox-stream.ts";
import type { ServerSentEvent } from "./follow.ts";
import type { Wish, Word } from "./words.ts";

/** How often a tab in view says that it is there, and how long the hub may take to answer, in milliseconds. */
const pulse = 10_000;
const answerTime = 5_000;
/** So often a silent hub is called once more before the tab reads for itself. */
const tries = 2;

export interface Hearing {
  onNews: (news: InboxNews) => void;
  /** News are coming, perhaps again; what happened while none came is not told. */
  onReady: (again: boolean) => void;
}

export interface Following {
  signal: AbortSignal;
  onLost: (lost: boolean) => void;
}

interface Follower {
  run: string;
  last: number;
  take: (events: ServerSentEvent[]) => void;
  lost: (lost: boolean) => void;
  /** Nothing more comes; `problem` when that is not because the run is over. */
  end: (problem: string | null) => void;
}

type Way = Pick<MessagePort, "postMessage" | "onmessage" | "close">;

/**
 * A tab's way to what the server streams. All tabs of a person share one hub, in a shared worker;
 * where the browser has none, or it is silent, the tab has a hub of its own.
 */
export class Wire {
  readonly #person: string;
  #way: Way | null = null;
  #alone = typeof SharedWorker === "undefined";
  #silences = 0;
  #answer: ReturnType<typeof setTimeout> | undefined;
  #pulse: ReturnType<typeof setInterval> | undefined;
  #gone = false;
  #hearing: Hearing | null = null;
  #ready = false;
  #made = 0;
  readonly #followers = new Map<number, Follower>();

  constructor(person: string) {
    this.#person = person;
    document.addEventListener("visibilitychange", () => this.#say());
    addEventListener("pagehide", () => this.#say({ gone: true }));
    addEventListener("pageshow", () => this.#say());
  }

  /** Follows the person's news. Answers how to stop it. */
  listen(hearing: Hearing): () => void {
    this.#hearing = hearing;
    this.#say();
    return () => {
      if (this.#hearing !== hearing) return;
      this.#hearing = null;
      this.#say();
    };
  }

  /** Follows a run from its first event. Only while the tab is in view: then it catches up. */
  async *follow(run: string, { signal, onLost }: Following): AsyncGenerator<ThreadChunk, void, void> {
    this.#made += 1;
    const key = this.#made;
    const came: ThreadChunk[] = [];
    let over = false;
    let problem: string | null = null;
    let wake = () => {};
    this.#followers.set(key, {
      run,
      last: 0,
      take(events) {
        for (const { id, data } of events) {
          if (id <= this.last) continue;
          this.last = id;
          came.push(JSON.parse(data));
        }
        wake();
      },
      lost: onLost,
      end(why) {
        problem = why;
        over = true;
        wake();
      },
    });
    const stop = () => wake();
    signal.addEventListener("abort", stop);
    this.#say();
    try {
      while (!signal.aborted) {
        yield* came.splice(0);
        if (signal.aborted || (over && came.length === 0)) break;
        if (came.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      signal.removeEventListener("abort", stop);
      if (this.#followers.delete(key)) this.#say();
    }
    if (problem !== null) throw new Error(problem);
  }

  /** Says what this tab wants now. */
  #say({ gone = false } = {}): void {
    this.#gone = gone;
    const visible = document.visibilityState === "visible" && !gone;
    const wish: Wish = {
      // A tab with a hub of its own would hold a connection for nobody's eyes.
      inbox: this.#hearing && !gone && (visible || !this.#alone) ? this.#person : null,
      runs: visible ? [...this.#followers].map(([key, { run, last }]) => ({ key, run, after: last })) : [],
    };
    const wants = wish.inbox !== null || wish.runs.length > 0;
    clearInterval(this.#pulse);
    clearTimeout(this.#answer);
    this.#answer = undefined;
    if (!wants && !this.#way) return;
    this.#way ??= this.#open();
    this.#way.postMessage(wish);
    if (!wants || !visible) return;
    this.#pulse = setInterval(() => this.#say(), pulse);
    this.#answer = setTimeout(() => this.#again(), answerTime);
  }

  #open(): Way {
    const way = this.#sharedHub() ?? this.#ownHub();
    way.onmessage = ({ data }: MessageEvent<Word>) => {
      if (this.#way !== way) return;
      clearTimeout(this.#answer);
      this.#silences = 0;
      this.#hear(data);
    };
    return way;
  }

  #sharedHub(): Way | null {
    if (this.#alone) return null;
    try {
      const worker = new SharedWorker(new URL("./shared.ts", import.meta.url), { name: `switchboard:${this.#person}` });
      worker.onerror = () => {
        if (this.#way !== worker.port) return;
        this.#silences = tries;
        this.#again();
      };
      return worker.port;
    } catch {
      // A browser that keeps nothing for this site refuses to share, too.
      this.#alone = true;
      return null;
    }
  }

  #ownHub(): Way {
    const { port1, port2 } = new MessageChannel();
    void import("./hub.ts").then(({ Hub }) => {
      const hub = new Hub();
      port2.onmessage = ({ data }: MessageEvent<Wish>) => hub.hear(port2, data);
    });
    return port1;
  }

  /** The hub does not answer: another one may, and takes up what this tab wants. */
  #again(): void {
    if (this.#gone || !this.#way) return;
    this.#silences += 1;
    this.#way.postMessage({ inbox: null, runs: [] } satisfies Wish);
    this.#way.close();
    this.#way = null;
    if (this.#silences > tries) this.#alone = true;
    this.#say();
  }

  #hear(word: Word): void {
    const follower = "key" in word ? this.#followers.get(word.key) : undefined;
    switch (word.type) {
      case "news":
        this.#hearing?.onNews(word.news);
        break;
      case "ready":
        this.#hearing?.onReady(this.#ready);
        this.#ready = true;
        break;
      case "events":
        follower?.take(word.events);
        break;
      case "lost":
        follower?.lost(word.lost);
        break;
      case "done":
      case "refused":
        this.#followers.delete(word.key);
        follower?.end(word.type === "refused" ? word.problem : null);
        break;
    }
  }
}

const wires = new Map<string, Wire>();

/** This tab's wire for this person: what belongs to one person never comes to another. */
export function wireOf(person: string): Wire {
  const wire = wires.get(person) ?? new Wire(person);
  wires.set(person, wire);
  return wire;
}
