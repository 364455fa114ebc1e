import { EventEmitter } from "node:events";
import type { Redis } from "ioredis";
import { log } from "#lib/log.ts";
import { conceal, reveal } from "../conceal.ts";
import type { EventBatch, EventStore, LoggedEvent } from "./store.ts";

/** Events of a live run are kept for this long after the last one, those of an ended run for less, in seconds. */
const keepSeconds = 60 * 60;
const keepEndedSeconds = 10 * 60;
/** Batches kept of one run: far more than an answer has. */
const mostBatches = 20_000;

/**
 * Run events in Redis Streams, one stream a run: an entry holds a batch, and its id is the number
 * of the batch's last event. A published word tells other processes that there is more.
 */
export class RedisEventStore implements EventStore {
  readonly interval = 15;
  readonly #commands: Redis;
  readonly #subscriber: Redis;
  readonly #prefix: string;
  readonly #listeners = new EventEmitter().setMaxListeners(0);
  readonly #isEnded: (run: string) => Promise<boolean>;

  constructor(options: {
    commands: Redis;
    subscriber: Redis;
    isEnded: (run: string) => Promise<boolean>;
    prefix?: string;
  }) {
    this.#commands = options.commands;
    this.#subscriber = options.subscriber;
    this.#isEnded = options.isEnded;
    this.#prefix = options.prefix ?? "switchboard";
    this.#subscriber.on("message", (channel) => this.#listeners.emit(channel));
    // Words spoken while the line was down are lost: everybody looks for themselves.
    this.#subscriber.on("ready", () => {
      for (const channel of this.#listeners.eventNames()) this.#listeners.emit(channel);
    });
  }

  #key(run: string): string {
    return `${this.#prefix}:run:{${run}}:events`;
  }

  async write(batches: readonly EventBatch[]): Promise<readonly string[]> {
    const pipeline = this.#commands.pipeline();
    for (const { run, first, events } of batches) {
      const key = this.#key(run);
      const id = `${first + events.length - 1}-0`;
      const text = conceal(`[${events.join(",")}]`, `${run}:${first}`);
      // What goes on where nothing is any more would look like a beginning.
      const onlyThere = first > 1 ? ["NOMKSTREAM"] : [];
      pipeline.call("XADD", key, ...onlyThere, "MAXLEN", "~", mostBatches, id, "first", first, "events", text);
      pipeline.expire(key, events.at(-1)?.startsWith('{"type":"finish"') ? keepEndedSeconds : keepSeconds);
      pipeline.publish(key, "more");
    }
    const results = (await pipeline.exec()) ?? [];
    const failed = results.map(([error]) => error).find((error) => error && !isRepeated(error));
    if (failed) throw failed;
    const added = results.filter((_, place) => place % (results.length / batches.length) === 0);
    return batches.flatMap(({ run }, place) => (added[place]?.[1] === null ? run : []));
  }

  async read(run: string, after: number): Promise<LoggedEvent[]> {
    const entries = await this.#commands.xrange(this.#key(run), `(${after}-0`, "+");
    const found = new Map<number, string>();
    for (const [, fields] of entries) {
      const first = Number(fields[1]);
      const chunks: unknown[] = JSON.parse(reveal(fields[3] ?? "[]", `${run}:${first}`));
      // A batch that was tried again holds events of the one before.
      for (const [index, chunk] of chunks.entries()) found.set(first + index, JSON.stringify(chunk));
    }
    return [...found].map(([id, json]) => ({ id, json })).filter(({ id }) => id > after);
  }

  listen(run: string, more: () => void): () => void {
    const channel = this.#key(run);
    if (this.#listeners.listenerCount(channel) === 0) this.#subscribe(channel);
    this.#listeners.on(channel, more);
    // A process that dies says nothing any more: look now and then.
    const timer = setInterval(more, 2000);
    return () => {
      clearInterval(timer);
      this.#listeners.off(channel, more);
      if (this.#listeners.listenerCount(channel) === 0) this.#unsubscribe(channel);
    };
  }

  tell(run: string): void {
    const channel = this.#key(run);
    this.#commands.publish(channel, "more").catch((error: unknown) => {
      log().warn({ err: error, channel }, "Redis did not carry a word to other processes");
    });
  }

  #subscribe(channel: string): void {
    this.#subscriber.subscribe(channel).then(
      () => this.#listeners.emit(channel),
      (error: unknown) => log().warn({ err: error, channel }, "Redis did not take a subscription"),
    );
  }

  #unsubscribe(channel: string): void {
    this.#subscriber.unsubscribe(channel).catch((error: unknown) => {
      log().warn({ err: error, channel }, "Redis did not end a subscription");
    });
  }

  isOver(run: string): Promise<boolean> {
    return this.#isEnded(run);
  }

  /** Redis forgets by itself. */
  async forget(): Promise<void> {}
}

/** A batch that is written a second time has an id that is there already. */
const isRepeated = (error: Error) => error.message.includes("equal or smaller than the target stream top item");
