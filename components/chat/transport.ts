import type { ChatTransport } from "ai";
import type { Outcome } from "#lib/guard.ts";
import type { SendResult, ThreadMessage } from "#lib/thread.ts";
import type { ThreadChunk } from "./chunk.ts";
import { followRun } from "./events.ts";

/** What is asked of the server next: the call, and who is told how it went. */
export interface Order {
  perform: () => Promise<Outcome<SendResult>>;
  answered: (outcome: Outcome<SendResult>) => void;
}

/** The server did not take the order; why has been told through `answered`. */
export class Refused extends Error {
  override name = "Refused";
}

const unreachable: Outcome<SendResult> = {
  ok: false,
  error: {
    code: "unavailable",
    message: "The server cannot be reached. Your message is still here; check the connection and send it again.",
  },
};

interface TransportOptions {
  /** The order that belongs to the request that begins now. */
  order: () => Order | null;
  /** The run to follow when nothing new is asked. */
  liveRun: () => string | null;
  onLost: (lost: boolean) => void;
  /** Told at the first chunk of a run. */
  onHeard: () => void;
  follow?: typeof followRun;
}

/** Carries `useChat` over the two doors there are: a server action that begins a run, and the run's events. */
export class RunTransport implements ChatTransport<ThreadMessage> {
  readonly resumeStreamIsReplay = true;
  readonly #options: TransportOptions;

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  async sendMessages({ abortSignal }: { abortSignal?: AbortSignal }): Promise<ReadableStream<ThreadChunk>> {
    const order = this.#options.order();
    if (!order) throw new Refused("Nothing was asked.");
    const outcome = await order.perform().catch(() => unreachable);
    order.answered(outcome);
    if (!outcome.ok) throw new Refused(outcome.error.message);
    return this.#follow(outcome.value.run, abortSignal);
  }

  async reconnectToStream({ abortSignal }: { abortSignal?: AbortSignal }): Promise<ReadableStream<ThreadChunk> | null> {
    const run = this.#options.liveRun();
    return run ? this.#follow(run, abortSignal) : null;
  }

  #follow(run: string, signal?: AbortSignal): ReadableStream<ThreadChunk> {
    const { follow = followRun, onLost, onHeard } = this.#options;
    return follow(run, { signal, onLost }).pipeThrough(withFailureAsMetadata(onHeard));
  }
}

/** `useChat` ends at an error and forgets the rest; here a failed run is a message that says that it failed. */
function withFailureAsMetadata(onHeard: () => void): TransformStream<ThreadChunk, ThreadChunk> {
  return new TransformStream({
    transform(chunk, controller) {
      if (chunk.type === "start") onHeard();
      if (chunk.type !== "error") return controller.enqueue(chunk);
      const error = { code: "failed", message: chunk.errorText };
      controller.enqueue({ type: "message-metadata", messageMetadata: { status: "failed", error } });
    },
  });
}
