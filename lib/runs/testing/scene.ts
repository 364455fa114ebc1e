import { setTimeout as pause } from "node:timers/promises";
import type { SendResult, Thread, ThreadMessage } from "#lib/thread.ts";
import type { Chunk } from "../translate.ts";
import { follow } from "./follow.ts";
import { type Instance, NoAnswer, Refused } from "./instances.ts";

/** One conversation with two clients, and a book of what each has done and what it was told. */

export const kinds = {
  send: 5,
  queue: 5,
  stop: 2,
  watch: 3,
  look: 3,
  edit: 2,
  again: 2,
  takeBack: 1,
  change: 1,
  goOn: 1,
  crash: 1,
  presume: 1,
} as const;
export type Kind = keyof typeof kinds;

export interface Step {
  kind: Kind;
  /** Which instance is asked. */
  instance: number;
  /** Chooses among what there is: a message, an event number, how the model answers. */
  choice: number;
  /** How long the client waits before it goes on, in milliseconds. */
  wait: number;
}

/** The instances as they are now: one that was ended is replaced. */
export interface House {
  instance(number: number): Promise<Instance>;
  crash(number: number): Promise<void>;
  /** Takes every process for dead: what a machine that hung for too long finds when it comes back. */
  presume(number: number): Promise<void>;
}

/** Makes the message that a person sees of what has come. */
export type Fold = (run: string, chunks: readonly Chunk[]) => ThreadMessage;

export interface Sent {
  /** The words that it may be found with, the newest last. */
  texts: string[];
  outcome: "acknowledged" | "refused" | "unknown";
  /** It waited to be sent, and was taken back. */
  takenBack?: "acknowledged" | "unknown";
}

export interface Viewer {
  run: string;
  numbers: number[];
  /** What was seen when the stream had ended. */
  message: Promise<ThreadMessage>;
}

const manners = ["plain", "tool", "plain", "two", "think", "handoff", "plain", "fail", "cut"];
let count = 0;

export class Scene {
  readonly user: string;
  readonly sent = new Map<string, Sent>();
  readonly viewers: Viewer[] = [];
  /** What happened, for who has to understand a failure. */
  readonly story: string[] = [];
  readonly #house: House;
  readonly #fold: Fold;
  #first: Promise<SendResult> | undefined;
  #runs: string[] = [];

  constructor(user: string, house: House, fold: Fold) {
    this.user = user;
    this.#house = house;
    this.#fold = fold;
  }

  /** The conversation, which begins with one message that is answered with a tool. */
  async begin(): Promise<SendResult> {
    this.#first ??= this.#begin();
    return this.#first;
  }

  async #begin(): Promise<SendResult> {
    const operation = crypto.randomUUID();
    const text = `m${++count} tool`;
    this.sent.set(operation, { texts: [text], outcome: "acknowledged" });
    for (;;) {
      try {
        const instance = await this.#house.instance(0);
        await instance.ask("join", this.user);
        const result = await instance.ask("send", this.user, { operation, text, namespace: "support" });
        this.#follow(result.run, 0);
        return result;
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error;
      }
    }
  }

  /** One client after another step: `thread` is what it has on its screen. */
  async play(name: string, steps: readonly Step[]): Promise<void> {
    const { conversation } = await this.begin();
    let thread = await this.#open(0, conversation);
    for (const step of steps) {
      await pause(step.wait);
      this.story.push(`${name} ${step.kind} ${step.instance} ${step.choice}`);
      if (step.kind === "crash") await this.#house.crash(step.instance);
      else if (step.kind === "presume") await this.#house.presume(step.instance);
      else if (step.kind === "look") thread = await this.#open(step.instance, conversation);
      else await this.#act(step, thread);
    }
  }

  async #open(number: number, conversation: string, branch?: string): Promise<Thread> {
    for (;;) {
      const instance = await this.#house.instance(number);
      try {
        const thread = await instance.ask("open", this.user, { conversation, branch });
        if (thread.run) this.#follow(thread.run.id, number);
        return thread;
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error;
      }
    }
  }

  async #act(step: Step, thread: Thread): Promise<void> {
    const { kind, choice } = step;
    const place = { conversation: thread.conversation.id, branch: thread.branch.id };
    const text = `m${++count} ${pick(manners, choice)}`;
    const asked = thread.messages.filter(({ role }) => role === "user");
    if (kind === "send") {
      const length = choice % 2 ? thread.branch.length : undefined;
      await this.#say(step, text, (instance, operation) =>
        instance.ask("send", this.user, { operation, text, ...place, length }),
      );
    } else if (kind === "edit") {
      const at = pick(asked, choice)?.metadata?.position ?? 0;
      await this.#say(step, text, (instance, operation) =>
        instance.ask("send", this.user, { operation, text, ...place, at }),
      );
    } else if (kind === "queue") {
      await this.#say(step, text, async (instance, operation) => {
        await instance.ask("queue", this.user, { operation, text, ...place });
        return undefined;
      });
    } else if (kind === "again") {
      const position = pick(asked, choice)?.metadata?.end ?? 1;
      const operation = crypto.randomUUID();
      await this.#ask(step, async (instance) => {
        const { run } = await instance.ask("again", this.user, { operation, ...place, position });
        this.#follow(run, step.instance);
      });
    } else if (kind === "stop") {
      const run = this.#runs.at(-1);
      if (run) await this.#ask(step, (instance) => instance.ask("stop", this.user, { run }));
    } else if (kind === "watch") {
      const run = pick(this.#runs, choice);
      if (run) this.#follow(run, step.instance);
    } else if (kind === "goOn") {
      await this.#ask(step, (instance) => instance.ask("goOn", this.user, place));
    } else {
      await this.#handleWaiting(step, text);
    }
  }

  /** Takes a message back that may wait, or changes its words. */
  async #handleWaiting(step: Step, text: string): Promise<void> {
    const [id, message] = pick([...this.sent], step.choice) ?? [];
    if (!id || !message || message.takenBack) return;
    if (step.kind === "change") {
      await this.#ask(step, async (instance) => {
        message.texts.push(text);
        await instance.ask("change", this.user, { id, text });
      });
      return;
    }
    const outcome = await this.#ask(step, (instance) => instance.ask("takeBack", this.user, { id }));
    if (outcome !== "refused") message.takenBack = outcome;
  }

  /** Sends; when nobody answers it is sent once more, as a browser does, or left as it is. */
  async #say(
    step: Step,
    text: string,
    send: (instance: Instance, operation: string) => Promise<SendResult | undefined>,
  ): Promise<void> {
    const operation = crypto.randomUUID();
    const message: Sent = { texts: [text], outcome: "unknown" };
    this.sent.set(operation, message);
    const attempt = () =>
      this.#ask(step, async (instance) => {
        const result = await send(instance, operation);
        if (result) this.#follow(result.run, step.instance);
      });
    message.outcome = await attempt();
    if (message.outcome === "unknown" && step.choice % 2) {
      const second = await attempt();
      // Refused the second time: the first may have been done all the same.
      if (second === "acknowledged") message.outcome = second;
    }
  }

  async #ask(step: Step, perform: (instance: Instance) => Promise<unknown>): Promise<Sent["outcome"]> {
    try {
      await perform(await this.#house.instance(step.instance));
      return this.#note(step, "acknowledged");
    } catch (error) {
      if (error instanceof NoAnswer) return this.#note(step, "unknown");
      if (error instanceof Refused && error.code !== "unexpected") return this.#note(step, "refused");
      throw error;
    }
  }

  #note(step: Step, outcome: Sent["outcome"]): Sent["outcome"] {
    this.story.push(`  ${step.kind}: ${outcome}`);
    return outcome;
  }

  /** Follows a run as a browser does, over as many connections and instances as it takes. */
  #follow(run: string, number: number): void {
    if (!this.#runs.includes(run)) this.#runs.push(run);
    const numbers: number[] = [];
    const connect = async (last: number) => (await this.#house.instance(number)).watch(this.user, run, last);
    const read = async () => {
      const chunks: Chunk[] = [];
      for await (const { id, chunk } of follow(connect)) {
        numbers.push(id);
        chunks.push(chunk);
      }
      return this.#fold(run, chunks);
    };
    const message = read();
    message.catch(() => {});
    this.viewers.push({ run, numbers, message });
  }
}

const pick = <Value>(from: readonly Value[], choice: number): Value | undefined =>
  from.length === 0 ? undefined : from[choice % from.length];
