import type { Outcome } from "#lib/guard.ts";
import type { SendResult, Thread, ThreadMessage } from "#lib/thread.ts";
import { Folding } from "./fold.ts";
import { type Held, shownOf } from "./held.ts";
import { LineQueue } from "./line-queue.ts";
import { type Calls, type Edit, type LineState, type News, unreachable } from "./line-state.ts";
import { LineStore } from "./line-store.ts";
import { LineWindow } from "./line-window.ts";
import { newOperation, Operations } from "./operation.ts";
import { chosenNext } from "./pieces.ts";

const undecided = {
  ok: false as const,
  error: {
    code: "unavailable" as const,
    message: "The server cannot be reached. Nothing was decided; check the connection, then try again.",
  },
};

/** One conversation as this tab holds it: its messages, its live run, and what may be asked of it. */
export class Line {
  readonly window: LineWindow;
  readonly queue: LineQueue;
  readonly #store: LineStore;
  readonly #calls: Calls;
  readonly #operations = new Operations();
  #length: number | undefined;
  /** What came last from the server was older than what is shown here, and was asked for again. */
  #doubted = false;
  /** The connection to the live run; one that is not here any more has nothing to say. */
  #connection: AbortController | null = null;
  /** The run that was followed last. */
  #last: string | null = null;
  /** The run that was the last to begin in the conversation, as the server has told. */
  #newest: string | null = null;
  /** Whom the person has chosen, until a page has come that knows of it: one that was on its way may not. */
  #picked: string | null = null;
  #leaving: ReturnType<typeof setTimeout> | undefined;
  /** Nobody looks: what begins now is not followed. */
  #left = false;

  constructor(calls: Calls, thread: Thread | null, agent: string) {
    this.#calls = calls;
    this.#store = new LineStore(agent);
    this.window = new LineWindow(this.#store, calls.fetch);
    this.queue = new LineQueue(this.#store, calls, this.#operations, () => this.#last);
    if (thread) this.take(thread);
  }

  readonly watch = (changed: () => void): (() => void) => this.#store.watch(changed);

  readonly state = (): LineState => this.#store.state;

  /** Shows what the server knows, unless something newer is being written right now. */
  take(thread: Thread): void {
    const { live, run, place } = this.#store.state;
    if (this.#connection || (live && run === null)) return;
    const older = thread.branch.id === place?.branch && thread.branch.length < (this.#length ?? 0);
    if (older && !this.#doubted) {
      this.#doubted = true;
      this.#store.doubt();
      return;
    }
    this.#doubted = false;
    if (thread.branch.id !== place?.branch) this.#store.set({ editing: null });
    if (thread.branch.id !== place?.branch || thread.branch.agent === this.#picked) this.#picked = null;
    const held = this.window.renewed(thread, this.#length);
    this.#length = thread.branch.length;
    this.#store.set({
      ...held,
      queue: thread.queue,
      place: { conversation: thread.conversation.id, branch: thread.branch.id },
      agent: this.#picked ?? thread.branch.agent,
      live: thread.run !== null,
      run: thread.run?.id ?? null,
      waiting: thread.run?.waiting ?? false,
      stopping: thread.run !== null && this.#store.state.stopping,
      title: thread.conversation.title,
    });
  }

  /** Follows the live run, if there is one that nobody follows yet. */
  follow(): void {
    clearTimeout(this.#leaving);
    this.#left = false;
    const { run, waiting } = this.#store.state;
    if (!this.#connection && run !== null && !waiting) void this.#read(run, false);
  }

  /** Ends the connection, not the run; unless somebody follows it again at once. */
  leave(): void {
    this.#leaving = setTimeout(() => {
      this.#left = true;
      this.#connection?.abort();
      this.#connection = null;
    });
  }

  /** Lets go of a live run, which goes on by itself, so that another branch can be shown here. */
  release(): void {
    this.#connection?.abort();
    this.#connection = null;
    this.#store.set({ live: false, run: null, waiting: false, stopping: false, lost: false });
  }

  edit(editing: Edit | null): void {
    this.#store.set({ editing });
  }

  choose(agent: string): void {
    this.#picked = agent;
    this.#store.set({ agent, chosen: true });
  }

  /** Sends a message, or a new version of an earlier one. Resolves when the server has it, or has refused it. */
  async send(
    text: string,
    options: { namespace?: string; instead?: ThreadMessage } = {},
  ): Promise<Outcome<SendResult>> {
    const { place, agent, chosen, messages: newest } = this.#store.state;
    const at = options.instead?.metadata?.position;
    const { messages, from } = at === undefined ? this.#store.state : shownOf(this.#store.state);
    // A new version of a message is for whom it was for, unless another agent was chosen since.
    const keepsAgent = at !== undefined && !chosen && !chosenNext(newest, agent);
    const operation = this.#operations.idOf(JSON.stringify([place, at, text]));
    const position = at ?? this.#length ?? newest.at(-1)?.metadata?.end ?? 0;
    const message: ThreadMessage = {
      id: `${operation}:message`,
      role: "user",
      parts: [{ type: "text", text }],
      metadata: { agent: null, position, end: position + 1, createdAt: Date.now() },
    };
    const kept = messages.filter(({ metadata }) => at === undefined || (metadata?.position ?? 0) < at);
    const outcome = await this.#ask({ messages: [...kept, message], from }, () =>
      this.#calls.send({
        operation,
        text,
        ...(keepsAgent ? {} : { agent }),
        ...(place ? { ...place, length: this.#length } : { namespace: options.namespace }),
        ...(at === undefined ? {} : { at }),
      }),
    );
    if (outcome.ok) {
      this.#operations.done();
      this.#store.set({ chosen: false });
      this.#picked = null;
    }
    return outcome;
  }

  /** Hears from the server what has become of the conversation. */
  hear(news: News): void {
    const { live, waiting, run, title, queue } = this.#store.state;
    if (title !== null && title !== news.title) this.#store.set({ title: news.title });
    if (JSON.stringify(queue) !== JSON.stringify(news.queue)) this.#store.set({ queue: news.queue });
    this.#newest = news.newest;
    if (waiting && news.run === run && run) this.#goOnWith(run);
    else if (waiting) this.#store.doubt();
    if (live) return;
    if (news.run !== null && news.run !== this.#last) this.#store.doubt();
    else this.#lookBehind();
  }

  /** Asks for what is new when a run has begun of which nothing is seen here. */
  #lookBehind(): boolean {
    const newest = this.#newest;
    const known = (run: string) => this.#store.state.messages.some(({ metadata }) => metadata?.run === run);
    if (newest === null || newest === this.#last || known(newest)) return false;
    this.#last = newest;
    this.#store.doubt();
    return true;
  }

  /** There was no word from the server for a while: anything may have happened. */
  wonder(): void {
    const { place, live, waiting } = this.#store.state;
    if (place && !this.#connection && (!live || waiting)) this.#store.doubt();
  }

  /** Has a message answered once more: an answer, or a person's message that has none. */
  async tryAgain(message: ThreadMessage): Promise<Outcome<SendResult> | null> {
    const { place } = this.#store.state;
    const { messages, from } = shownOf(this.#store.state);
    const at = message.metadata;
    if (!place || !at) return null;
    const answered = message.role === "assistant";
    const position = answered ? at.position : at.end;
    const kept = messages.filter(({ metadata }) => (metadata?.position ?? 0) < position);
    return this.#ask({ messages: kept, from }, () =>
      this.#calls.tryAgain({ operation: newOperation(), ...place, position }),
    );
  }

  /** Asks the server to end the run. What was written so far stays. */
  async stop(): Promise<boolean> {
    this.#store.set({ stopping: true });
    const { run } = this.#store.state;
    // Not named by the server yet: it is stopped as soon as it is.
    if (run === null) return true;
    const heard = await this.#calls.stop(run).catch(() => false);
    if (!heard) this.#store.set({ stopping: false });
    else if (this.#store.state.waiting) this.#store.doubt();
    return heard;
  }

  /** Approves or rejects a call that waits. The answer goes on when nothing else waits. */
  async decide(call: string, approved: boolean): Promise<Outcome<{ goesOn: boolean }>> {
    const { run } = this.#store.state;
    if (!run) return unreachable;
    const outcome = await this.#calls.decide({ id: run, call, approved }).catch(() => undecided);
    if (outcome.ok && outcome.value.goesOn) this.#goOnWith(run);
    else this.#store.doubt();
    return outcome;
  }

  /** The run that has waited goes on: here, or because of another tab. */
  #goOnWith(run: string): void {
    if (!this.#store.state.waiting || this.#store.state.run !== run) return;
    this.#store.set({ waiting: false, stopping: false });
    void this.#read(run, false);
  }

  /** Shows at once how it will be, and how it was when the server refuses. */
  async #ask(shown: Omit<Held, "away">, perform: () => Promise<Outcome<SendResult>>): Promise<Outcome<SendResult>> {
    const { messages, from, away } = this.#store.state;
    this.#store.set({ ...shown, away: null, live: true, run: null, stopping: false, problem: null });
    const outcome = await perform().catch(() => unreachable);
    if (!outcome.ok) {
      this.#store.set({ messages, from, away, live: false, stopping: false });
      if (outcome.error.code === "conflict" || outcome.error.code === "busy") this.#store.doubt();
      return outcome;
    }
    const { conversation, branch, run, parts } = outcome.value;
    this.#store.set({ place: { conversation, branch }, run });
    if (this.#store.state.stopping) void this.stop();
    void this.#read(run, parts);
    return outcome;
  }

  /** `parts`: there are versions of which the page does not tell yet. */
  async #read(run: string, parts: boolean): Promise<void> {
    if (this.#left) return;
    const connection = new AbortController();
    this.#connection = connection;
    this.#last = run;
    const folding = new Folding(run);
    // What is shown of it already is not drawn again from the beginning.
    const known = this.#store.state.messages.find(({ id }) => id === run)?.parts.length ?? 0;
    const waits = () => folding.message.metadata?.status === "waiting";
    let problem: string | null = null;
    try {
      const options = { signal: connection.signal, onLost: (lost: boolean) => this.#store.set({ lost }) };
      for await (const chunk of this.#calls.follow(run, options)) {
        if (this.#connection !== connection) return;
        folding.add(chunk);
        // It can be decided about once the run has come to rest.
        if (waits() || folding.message.parts.length < known) continue;
        const handedOver = chunk.type === "data-handoff";
        if (handedOver) this.#picked = null;
        this.#store.show(folding.message, handedOver ? chunk.data.to : this.#store.state.agent);
      }
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
    }
    if (this.#connection !== connection) return;
    this.#connection = null;
    const { metadata } = folding.message;
    this.#length = problem ? undefined : metadata?.end;
    const waiting = problem === null && waits();
    if (waiting) this.#store.show(folding.message, this.#store.state.agent);
    this.#store.set({
      live: waiting,
      run: waiting ? run : null,
      waiting,
      stopping: false,
      lost: false,
      title: metadata?.title ?? this.#store.state.title,
      ended: this.#store.state.ended + 1,
      problem,
    });
    if (this.#lookBehind()) return;
    if (parts || problem || this.#store.state.queue.length > 0) this.#store.doubt();
  }
}
