import { Chat } from "@ai-sdk/react";
import type { Outcome } from "#lib/guard.ts";
import type { SendResult, Thread, ThreadMessage } from "#lib/thread.ts";
import { newOperation } from "./operation.ts";
import { type Order, RunTransport } from "./transport.ts";

/** The calls to the server that a line makes: the server actions, or stand-ins of a test. */
export interface Calls {
  send: (input: {
    operation: string;
    text: string;
    agent?: string;
    conversation?: string;
    branch?: string;
    length?: number;
    at?: number;
    namespace?: string;
  }) => Promise<Outcome<SendResult>>;
  tryAgain: (input: {
    operation: string;
    conversation: string;
    branch: string;
    position: number;
  }) => Promise<Outcome<SendResult>>;
  stop: (run: string) => Promise<boolean>;
}

/** What the screen shows of a line beside the messages. */
export interface LineState {
  /** The conversation and branch at the other end; null before the first message. */
  place: { conversation: string; branch: string } | null;
  /** Who answers next. */
  agent: string;
  /** The run that is being written, once the server has named it. */
  run: string | null;
  stopping: boolean;
  /** Something of an answer has come here. */
  heard: boolean;
  /** The connection broke off and is being made again. */
  lost: boolean;
  /** What the conversation is called since its first exchange. */
  title: string | null;
  /** How many runs have ended here. */
  ended: number;
  /** How often the server was found to know more than is shown: other versions, other branches. */
  outdated: number;
  /** Why the answer could not be followed any further. */
  problem: string | null;
}

/**
 * One conversation as this tab holds it: its messages, its live run, and what may be asked of it.
 * It outlives the page that opened it, so that a new conversation keeps its stream when it gets an address.
 */
export class Line {
  readonly chat: Chat<ThreadMessage>;
  readonly #calls: Calls;
  #length: number | undefined;
  #order: Order | null = null;
  #unanswered: { key: string; operation: string } | null = null;
  /** Counts the connections of this tab to runs; one that is no longer the newest has nothing to say. */
  #connection = 0;
  #leaving: ReturnType<typeof setTimeout> | undefined;
  #state: LineState;
  readonly #watchers = new Set<() => void>();

  constructor(calls: Calls, thread: Thread | null, agent: string) {
    this.#calls = calls;
    this.#state = {
      place: null,
      agent,
      run: null,
      stopping: false,
      heard: false,
      lost: false,
      title: null,
      ended: 0,
      outdated: 0,
      problem: null,
    };
    this.chat = new Chat<ThreadMessage>({
      messages: [],
      transport: new RunTransport({
        order: () => this.#order,
        liveRun: () => this.#state.run,
        onLost: (lost) => this.#set({ lost }),
        onHeard: () => this.#set({ heard: true }),
      }),
      onData: (part) => {
        if (part.type === "data-handoff") this.#set({ agent: part.data.to });
      },
    });
    if (thread) this.take(thread);
  }

  readonly watch = (changed: () => void): (() => void) => {
    this.#watchers.add(changed);
    return () => this.#watchers.delete(changed);
  };

  readonly state = (): LineState => this.#state;

  get busy(): boolean {
    return this.chat.status === "submitted" || this.chat.status === "streaming";
  }

  /** Shows what the server knows, unless something newer is being written right now. */
  take(thread: Thread): void {
    if (this.busy) return;
    this.#length = thread.branch.length;
    this.chat.messages = thread.messages;
    this.#set({
      place: { conversation: thread.conversation.id, branch: thread.branch.id },
      agent: thread.branch.agent,
      run: thread.run?.id ?? null,
      title: thread.conversation.title,
    });
  }

  /** Follows the live run, if there is one that nobody follows yet. */
  async follow(): Promise<void> {
    clearTimeout(this.#leaving);
    if (this.busy || this.#state.run === null) return;
    await this.#untilEnd(this.chat.resumeStream(), false);
  }

  /** Ends the connection, not the run; unless somebody follows it again at once. */
  leave(): void {
    this.#leaving = setTimeout(() => {
      this.#connection += 1;
      void this.chat.stop();
    });
  }

  choose(agent: string): void {
    this.#set({ agent });
  }

  /** Sends a message, or a new version of an earlier one. Resolves when the server has it, or has refused it. */
  async send(
    text: string,
    options: { namespace?: string; instead?: ThreadMessage } = {},
  ): Promise<Outcome<SendResult>> {
    const { place, agent } = this.#state;
    const at = options.instead?.metadata?.position;
    const operation = this.#operationFor(JSON.stringify([place, at, text]));
    const position = at ?? this.#length ?? 0;
    const outcome = await this.#ask(
      () =>
        this.#calls.send({
          operation,
          text,
          agent,
          ...(place ? { ...place, length: this.#length } : { namespace: options.namespace }),
          ...(at === undefined ? {} : { at }),
        }),
      () =>
        this.chat.sendMessage({
          id: `${operation}:message`,
          ...(options.instead ? { messageId: options.instead.id } : {}),
          parts: [{ type: "text", text }],
          metadata: { agent: null, position, end: position + 1, createdAt: Date.now() },
        }),
      at !== undefined,
    );
    if (outcome.ok) this.#unanswered = null;
    return outcome;
  }

  /** Has a message answered once more: an answer, or a person's message that has none. */
  async tryAgain(message: ThreadMessage): Promise<Outcome<SendResult> | null> {
    const { place } = this.#state;
    const at = message.metadata;
    if (!place || !at) return null;
    const position = message.role === "user" ? at.end : at.position;
    const operation = newOperation();
    return this.#ask(
      () => this.#calls.tryAgain({ operation, ...place, position }),
      () => this.chat.regenerate({ messageId: message.id }),
      true,
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
    return heard;
  }

  /** The same words to the same place are the same operation until the server has taken them. */
  #operationFor(key: string): string {
    if (this.#unanswered?.key !== key) this.#unanswered = { key, operation: newOperation() };
    return this.#unanswered.operation;
  }

  /** `parts` tells that the history parts there, so that other messages get other versions beside them. */
  async #ask(perform: Order["perform"], begin: () => Promise<void>, parts: boolean): Promise<Outcome<SendResult>> {
    const before = this.chat.messages;
    const answer = Promise.withResolvers<Outcome<SendResult>>();
    this.#order = {
      perform,
      answered: (outcome) => {
        if (outcome.ok) this.#begun(outcome.value);
        answer.resolve(outcome);
      },
    };
    this.#set({ problem: null, stopping: false });
    const end = begin();
    const outcome = await answer.promise;
    if (outcome.ok) {
      void this.#untilEnd(end, parts);
    } else {
      await end;
      this.chat.messages = before;
      this.chat.clearError();
      if (outcome.error.code === "conflict") this.#set({ outdated: this.#state.outdated + 1 });
    }
    return outcome;
  }

  #begun({ conversation, branch, run }: SendResult): void {
    this.#set({ place: { conversation, branch }, run });
    if (this.#state.stopping) void this.stop();
  }

  async #untilEnd(stream: Promise<void>, parts: boolean): Promise<void> {
    this.#connection += 1;
    const connection = this.#connection;
    await stream;
    if (connection !== this.#connection) return;
    const { status, error, messages } = this.chat;
    const last = messages.at(-1)?.metadata;
    this.#length = last?.status ? last.end : undefined;
    this.#set({
      run: null,
      stopping: false,
      lost: false,
      title: last?.title ?? this.#state.title,
      ended: this.#state.ended + 1,
      outdated: this.#state.outdated + (parts || status === "error" ? 1 : 0),
      problem: status === "error" ? (error?.message ?? null) : null,
    });
    this.chat.clearError();
  }

  #set(change: Partial<LineState>): void {
    this.#state = { ...this.#state, ...change };
    for (const changed of this.#watchers) changed();
  }
}
