import type { Outcome } from "#lib/guard.ts";
import type { SendResult, Thread, ThreadMessage, ThreadWindow, WaitingMessage } from "#lib/thread.ts";
import { Folding } from "./fold.ts";
import { type Held, holds, renewed, shortened, shownOf, withAround, withEarlier, withLater } from "./held.ts";
import { type Calls, type Edge, type Edit, type LineState, type News, noState } from "./line-state.ts";
import { newOperation } from "./operation.ts";
import { chosenNext } from "./pieces.ts";

/** How long what is written may wait to be drawn, in milliseconds. */
const drawingPause = 50;

const unreachable = {
  ok: false as const,
  error: {
    code: "unavailable" as const,
    message: "The server cannot be reached. Your message is still here; check the connection and send it again.",
  },
};

const undecided = {
  ok: false as const,
  error: {
    code: "unavailable" as const,
    message: "The server cannot be reached. Nothing was decided; check the connection, then try again.",
  },
};

/**
 * One conversation as this tab holds it: its messages, its live run, and what may be asked of it.
 * It outlives the page that opened it, so that a new conversation keeps its stream when it gets an address.
 */
export class Line {
  readonly #calls: Calls;
  #length: number | undefined;
  /** What came last from the server was older than what is shown here, and was asked for again. */
  #doubted = false;
  /** Fetched for a branch that is about to be shown. */
  #prepared: { branch: string; window: ThreadWindow } | null = null;
  #unanswered: { key: string; operation: string } | null = null;
  /** The connection to the live run; one that is not here any more has nothing to say. */
  #connection: AbortController | null = null;
  /** The run that was followed last. */
  #last: string | null = null;
  /** The run that was the last to begin in the conversation, as the server has told. */
  #newest: string | null = null;
  /** The person has chosen who answers next, and nothing was sent since. */
  #chose = false;
  #leaving: ReturnType<typeof setTimeout> | undefined;
  #drawing: ReturnType<typeof setTimeout> | undefined;
  #state: LineState;
  readonly #watchers = new Set<() => void>();

  constructor(calls: Calls, thread: Thread | null, agent: string) {
    this.#calls = calls;
    this.#state = { ...noState, agent };
    if (thread) this.take(thread);
  }

  readonly watch = (changed: () => void): (() => void) => {
    this.#watchers.add(changed);
    return () => this.#watchers.delete(changed);
  };

  readonly state = (): LineState => this.#state;

  /** Shows what the server knows, unless something newer is being written right now. */
  take(thread: Thread): void {
    const { live, run, place } = this.#state;
    if (this.#connection || (live && run === null)) return;
    const older = thread.branch.id === place?.branch && thread.branch.length < (this.#length ?? 0);
    if (older && !this.#doubted) {
      this.#doubted = true;
      this.#doubt();
      return;
    }
    this.#doubted = false;
    if (thread.branch.id !== place?.branch) this.#set({ editing: null });
    const held = this.#heldWith(thread);
    this.#length = thread.branch.length;
    this.#set({
      ...held,
      queue: thread.queue,
      place: { conversation: thread.conversation.id, branch: thread.branch.id },
      agent: thread.branch.agent,
      live: thread.run !== null,
      run: thread.run?.id ?? null,
      waiting: thread.run?.waiting ?? false,
      stopping: thread.run !== null && this.#state.stopping,
      title: thread.conversation.title,
    });
  }

  #heldWith(thread: Thread): Held {
    const { messages, from, branch } = { ...thread, branch: thread.branch.id };
    const prepared = this.#prepared;
    this.#prepared = null;
    if (branch === this.#state.place?.branch) {
      const length = this.#length ?? this.#state.messages.at(-1)?.metadata?.end ?? 0;
      return renewed(this.#state, { messages, from }, length);
    }
    const held = { messages, from, away: null };
    return prepared?.branch === branch ? withAround(held, prepared.window) : held;
  }

  /** Fetches what stands before or after the messages that are shown. */
  async more(edge: Edge): Promise<void> {
    const { place, fetching, away } = this.#state;
    const { from } = shownOf(this.#state);
    if (!place || fetching || (edge === "earlier" ? from === 0 : !away)) return;
    this.#set({ fetching: edge, unfetched: null });
    const at = edge === "later" && away ? { after: away.to } : { before: from };
    const window = await this.#calls.fetch(place, at).catch(() => null);
    const now = this.#state;
    const moved = now.place?.branch !== place.branch || shownOf(now).from !== from || now.away?.to !== away?.to;
    if (moved) this.#set({ fetching: null });
    else if (!window) this.#set({ fetching: null, unfetched: edge });
    else this.#set({ ...(edge === "earlier" ? withEarlier(now, window) : withLater(now, window)), fetching: null });
  }

  /** Shows the message at a position; false when there is none. Fails when it can't be fetched. */
  async reach(position: number): Promise<boolean> {
    const { place } = this.#state;
    if (!place || holds(this.#state, position)) return place !== null;
    if (holds({ ...this.#state, away: null }, position)) {
      this.newest();
      return true;
    }
    const window = await this.#calls.fetch(place, { around: position });
    if (this.#state.place?.branch === place.branch) this.#set({ ...withAround(this.#state, window), unfetched: null });
    return holds(this.#state, position);
  }

  /** Fetches what is at this position of another branch, to show it when that branch is. */
  async prepare(branch: string, position: number): Promise<void> {
    const { place } = this.#state;
    if (!place) return;
    const window = await this.#calls.fetch({ ...place, branch }, { around: position }).catch(() => null);
    this.#prepared = window && { branch, window };
  }

  /** Shows the newest messages again. */
  newest(): void {
    if (this.#state.away) this.#set({ away: null, unfetched: null });
  }

  /** Lets go of what is far above the end, while somebody is there. */
  shorten(): void {
    const held = shortened(this.#state);
    if (held.messages !== this.#state.messages) this.#set(held);
  }

  /** Follows the live run, if there is one that nobody follows yet. */
  follow(): void {
    clearTimeout(this.#leaving);
    const { run, waiting } = this.#state;
    if (!this.#connection && run !== null && !waiting) void this.#read(run, false);
  }

  /** Ends the connection, not the run; unless somebody follows it again at once. */
  leave(): void {
    this.#leaving = setTimeout(() => {
      this.#connection?.abort();
      this.#connection = null;
    });
  }

  /** Lets go of a live run, which goes on by itself, so that another branch can be shown here. */
  release(): void {
    this.#connection?.abort();
    this.#connection = null;
    this.#set({ live: false, run: null, waiting: false, stopping: false, lost: false });
  }

  edit(editing: Edit | null): void {
    this.#set({ editing });
  }

  /** Opens or closes the list of agents: it stays open when the conversation moves to a page of its own. */
  offerAgents(choosing: boolean): void {
    this.#set({ choosing });
  }

  choose(agent: string): void {
    this.#chose = true;
    this.#set({ agent });
  }

  /** Sends a message, or a new version of an earlier one. Resolves when the server has it, or has refused it. */
  async send(
    text: string,
    options: { namespace?: string; instead?: ThreadMessage } = {},
  ): Promise<Outcome<SendResult>> {
    const { place, agent, messages: newest } = this.#state;
    const at = options.instead?.metadata?.position;
    const { messages, from } = at === undefined ? this.#state : shownOf(this.#state);
    // A new version of a message is for whom it was for, unless another agent was chosen since.
    const keepsAgent = at !== undefined && !this.#chose && !chosenNext(newest, agent);
    const operation = this.#operationFor(JSON.stringify([place, at, text]));
    const position = at ?? this.#length ?? newest.at(-1)?.metadata?.end ?? 0;
    const message: ThreadMessage = {
      id: `${operation}:message`,
      role: "user",
      parts: [{ type: "text", text }],
      metadata: { agent: null, position, end: position + 1, createdAt: Date.now() },
    };
    const kept = messages.filter(({ metadata }) => at === undefined || (metadata?.position ?? 0) < at);
    const outcome = await this.#ask({ messages: [...kept, message], from }, at !== undefined, () =>
      this.#calls.send({
        operation,
        text,
        ...(keepsAgent ? {} : { agent }),
        ...(place ? { ...place, length: this.#length } : { namespace: options.namespace }),
        ...(at === undefined ? {} : { at }),
      }),
    );
    if (outcome.ok) {
      this.#unanswered = null;
      this.#chose = false;
    }
    return outcome;
  }

  /** Keeps a message on the server until the answer that is being written is done. */
  async wait(text: string): Promise<Outcome<WaitingMessage>> {
    const { place, agent } = this.#state;
    // The conversation has no name yet: in the moment that this takes, nobody gets to writing a second message.
    if (!place) return unreachable;
    const operation = this.#operationFor(JSON.stringify([place, "wait", text]));
    const outcome = await this.#calls.queue({ operation, ...place, text, agent }).catch(() => unreachable);
    if (outcome.ok) {
      this.#unanswered = null;
      const { queue, live, run } = this.#state;
      const known = [run, this.#last].includes(outcome.value.id) || queue.some(({ id }) => id === outcome.value.id);
      if (!known) this.#set({ queue: [...queue, outcome.value] });
      if (!live) this.#doubt();
    }
    return outcome;
  }

  /** Changes the words of a waiting message. `was`: what they are to replace. */
  async editWaiting({ id }: WaitingMessage, text: string, was: string): Promise<Outcome<WaitingMessage>> {
    const outcome = await this.#calls.editQueued({ id, text, was }).catch(() => unreachable);
    if (outcome.ok) this.#set({ queue: this.#state.queue.map((each) => (each.id === id ? outcome.value : each)) });
    else if (!this.#state.live) this.#doubt();
    return outcome;
  }

  /** Takes a waiting message back. */
  async takeBack(message: WaitingMessage): Promise<Outcome<void>> {
    const outcome = await this.#calls.unqueue({ id: message.id }).catch(() => unreachable);
    this.#set({ queue: this.#state.queue.filter(({ id }) => id !== message.id) });
    if (!outcome.ok) this.#doubt();
    return outcome;
  }

  /** Lets the waiting messages go on after an answer that failed or was stopped. */
  async goOn(): Promise<Outcome<void>> {
    const { place } = this.#state;
    if (!place) return unreachable;
    const outcome = await this.#calls.sendQueued(place).catch(() => unreachable);
    this.#doubt();
    return outcome;
  }

  /** Hears from the server what has become of the conversation. */
  hear(news: News): void {
    const { live, waiting, run, title, queue } = this.#state;
    if (title !== null && title !== news.title) this.#set({ title: news.title });
    if (JSON.stringify(queue) !== JSON.stringify(news.queue)) this.#set({ queue: news.queue });
    this.#newest = news.newest;
    if (waiting && news.run === run && run) this.#goOnWith(run);
    else if (waiting) this.#doubt();
    if (live) return;
    if (news.run !== null && news.run !== this.#last) this.#doubt();
    else this.#lookBehind();
  }

  /** Asks for what is new when a run has begun of which nothing is seen here. */
  #lookBehind(): boolean {
    const newest = this.#newest;
    const known = (run: string) => this.#state.messages.some(({ metadata }) => metadata?.run === run);
    if (newest === null || newest === this.#last || known(newest)) return false;
    this.#last = newest;
    this.#doubt();
    return true;
  }

  /** There was no word from the server for a while: anything may have happened. */
  wonder(): void {
    const { place, live, waiting } = this.#state;
    if (place && !this.#connection && (!live || waiting)) this.#doubt();
  }

  /** Has a message answered once more: an answer, or a person's message that has none. */
  async tryAgain(message: ThreadMessage): Promise<Outcome<SendResult> | null> {
    const { place } = this.#state;
    const { messages, from } = shownOf(this.#state);
    const at = message.metadata;
    if (!place || !at) return null;
    const answered = message.role === "assistant";
    const position = answered ? at.position : at.end;
    const kept = messages.filter(({ metadata }) => (metadata?.position ?? 0) < position);
    return this.#ask({ messages: kept, from }, true, () =>
      this.#calls.tryAgain({ operation: newOperation(), ...place, position }),
    );
  }

  /** Asks the server to end the run. What was written so far stays. */
  async stop(): Promise<boolean> {
    this.#set({ stopping: true });
    const { run } = this.#state;
    // Not named by the server yet: it is stopped as soon as it is.
    if (run === null) return true;
    const heard = await this.#calls.stop(run).catch(() => false);
    if (!heard) this.#set({ stopping: false });
    else if (this.#state.waiting) this.#doubt();
    return heard;
  }

  /** Approves or rejects a call that waits. The answer goes on when nothing else waits. */
  async decide(call: string, approved: boolean): Promise<Outcome<{ goesOn: boolean }>> {
    const { run } = this.#state;
    if (!run) return unreachable;
    const outcome = await this.#calls.decide({ id: run, call, approved }).catch(() => undecided);
    if (outcome.ok && outcome.value.goesOn) this.#goOnWith(run);
    else this.#doubt();
    return outcome;
  }

  /** The run that has waited goes on: here, or because of another tab. */
  #goOnWith(run: string): void {
    if (!this.#state.waiting || this.#state.run !== run) return;
    this.#set({ waiting: false, stopping: false });
    void this.#read(run, false);
  }

  /** What is shown may not be all there is. */
  #doubt(): void {
    this.#set({ outdated: this.#state.outdated + 1 });
  }

  /** The same words to the same place are the same operation until the server has taken them. */
  #operationFor(key: string): string {
    if (this.#unanswered?.key !== key) this.#unanswered = { key, operation: newOperation() };
    return this.#unanswered.operation;
  }

  /** Shows at once how it will be, and how it was when the server refuses. `parts`: the history parts there. */
  async #ask(
    shown: Omit<Held, "away">,
    parts: boolean,
    perform: () => Promise<Outcome<SendResult>>,
  ): Promise<Outcome<SendResult>> {
    const { messages, from, away } = this.#state;
    this.#set({ ...shown, away: null, live: true, run: null, stopping: false, problem: null });
    const outcome = await perform().catch(() => unreachable);
    if (!outcome.ok) {
      this.#set({ messages, from, away, live: false, stopping: false });
      if (outcome.error.code === "conflict" || outcome.error.code === "busy") this.#doubt();
      return outcome;
    }
    const { conversation, branch, run } = outcome.value;
    this.#set({ place: { conversation, branch }, run });
    if (this.#state.stopping) void this.stop();
    void this.#read(run, parts);
    return outcome;
  }

  async #read(run: string, parts: boolean): Promise<void> {
    const connection = new AbortController();
    this.#connection = connection;
    this.#last = run;
    const folding = new Folding(run);
    // What is shown of it already is not drawn again from the beginning.
    const known = this.#state.messages.find(({ id }) => id === run)?.parts.length ?? 0;
    const waits = () => folding.message.metadata?.status === "waiting";
    let problem: string | null = null;
    try {
      const options = { signal: connection.signal, onLost: (lost: boolean) => this.#set({ lost }) };
      for await (const chunk of this.#calls.follow(run, options)) {
        if (this.#connection !== connection) return;
        folding.add(chunk);
        // It can be decided about once the run has come to rest.
        if (waits() || folding.message.parts.length < known) continue;
        this.#show(folding.message, chunk.type === "data-handoff" ? chunk.data.to : this.#state.agent);
      }
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
    }
    if (this.#connection !== connection) return;
    this.#connection = null;
    const { metadata } = folding.message;
    this.#length = problem ? undefined : metadata?.end;
    const waiting = problem === null && waits();
    if (waiting) this.#show(folding.message, this.#state.agent);
    this.#set({
      live: waiting,
      run: waiting ? run : null,
      waiting,
      stopping: false,
      lost: false,
      title: metadata?.title ?? this.#state.title,
      ended: this.#state.ended + 1,
      problem,
    });
    if (this.#lookBehind()) return;
    if (parts || problem || this.#state.queue.length > 0) this.#doubt();
  }

  #show(message: ThreadMessage, agent: string): void {
    const { messages, heard } = this.#state;
    const place = messages.findLastIndex(({ id }) => id === message.id);
    const next = place === -1 ? [...messages, message] : messages.with(place, message);
    this.#state = { ...this.#state, messages: next, agent, heard: true };
    if (!heard) this.#tell();
    else this.#drawing ??= setTimeout(() => this.#tell(), drawingPause);
  }

  #set(change: Partial<LineState>): void {
    this.#state = { ...this.#state, ...change };
    this.#tell();
  }

  #tell(): void {
    clearTimeout(this.#drawing);
    this.#drawing = undefined;
    for (const changed of this.#watchers) changed();
  }
}
