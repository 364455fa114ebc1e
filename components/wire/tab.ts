import type { ThreadChunk } from "#components/chat/chunk.ts";
import type { InboxNews } from "#lib/inbox-stream.ts";
import { follow } from "./follow.ts";
import type { Turn } from "./turns.ts";
import type { Wish, Word } from "./words.ts";

/** How often a tab in view says that it is there, and how long the hub may take to answer, in milliseconds. */
const pulse = 10_000;
const answerTime = 5_000;
/** So often a silent hub is called once more before the tab has one for itself. */
const tries = 2;
/** The news come after the page: so long it is left to itself, in milliseconds. */
const firstPause = 1_000;

export interface Hearing {
  onNews: (news: InboxNews) => void;
  /** News are coming, perhaps again; what happened while none came is not told. */
  onReady: (again: boolean) => void;
}

export interface Following {
  signal: AbortSignal;
  onLost: (lost: boolean) => void;
}

/** A connection that this tab wants to have, or has. */
interface Wanted {
  first: boolean;
  open: boolean;
  granted: boolean;
  grant: () => void;
  over: () => void;
}

type Way = Pick<MessagePort, "postMessage" | "onmessage" | "close">;

/**
 * A tab's way to what the server streams. It reads its runs itself, when it is its turn; all tabs of
 * a person share one hub, in a shared worker, which gives the turns and reads the news. Where the
 * browser has no shared workers, or the hub is silent, the tab has a hub of its own.
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
  readonly #wanted = new Map<number, Wanted>();

  constructor(person: string) {
    this.#person = person;
    document.addEventListener("visibilitychange", () => this.#say());
    addEventListener("pagehide", () => this.#say({ gone: true }));
    addEventListener("pageshow", ({ persisted }) => persisted && this.#say());
  }

  /** Follows the person's news. Answers how to stop it. */
  listen(hearing: Hearing): () => void {
    this.#hearing = hearing;
    const timer = setTimeout(() => this.#say(), firstPause);
    return () => {
      clearTimeout(timer);
      if (this.#hearing !== hearing) return;
      this.#hearing = null;
      this.#say();
    };
  }

  /** Follows a run from its first event. Only while the tab is in view: then it catches up. */
  async *follow(run: string, { signal, onLost }: Following): AsyncGenerator<ThreadChunk, void, void> {
    const address = `/api/runs/${run}/events`;
    for await (const events of follow(address, { signal, onLost, turn: this.#turn })) {
      for (const { data } of events) yield JSON.parse(data) as ThreadChunk;
    }
  }

  /** Resolves when there is room for one more connection, and this tab is in view. */
  readonly #turn = (signal: AbortSignal | undefined, first: boolean): Promise<Turn> => {
    this.#made += 1;
    const key = this.#made;
    const over = new AbortController();
    return new Promise((resolve) => {
      const wanted: Wanted = {
        first,
        open: false,
        granted: false,
        grant: () => {
          wanted.granted = true;
          resolve({ over: over.signal, opened, end });
        },
        over: () => over.abort(),
      };
      const opened = () => {
        wanted.open = true;
        this.#say();
      };
      const end = () => {
        signal?.removeEventListener("abort", wanted.grant);
        this.#wanted.delete(key);
        this.#say();
      };
      // Who does not want it any more is answered at once, and ends it at once.
      signal?.addEventListener("abort", wanted.grant);
      this.#wanted.set(key, wanted);
      this.#say();
    });
  };

  /** Says what this tab wants now. */
  #say({ gone = false } = {}): void {
    this.#gone = gone;
    const visible = document.visibilityState === "visible" && !gone;
    const wish: Wish = {
      // A tab with a hub of its own would hold a connection for nobody's eyes.
      inbox: this.#hearing && !gone && (visible || !this.#alone) ? this.#person : null,
      turns: visible ? [...this.#wanted].map(([key, { first, open }]) => ({ key, first, open })) : [],
    };
    if (!visible) for (const { granted, over } of this.#wanted.values()) if (granted) over();
    const wants = wish.inbox !== null || wish.turns.length > 0;
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
    this.#way.postMessage({ inbox: null, turns: [] } satisfies Wish);
    this.#way.close();
    this.#way = null;
    if (this.#silences > tries) this.#alone = true;
    this.#say();
  }

  #hear(word: Word): void {
    switch (word.type) {
      case "news":
        this.#hearing?.onNews(word.news);
        break;
      case "ready":
        this.#hearing?.onReady(this.#ready);
        this.#ready = true;
        break;
      case "turn":
        this.#wanted.get(word.key)?.grant();
        break;
      case "over":
        this.#wanted.get(word.key)?.over();
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
