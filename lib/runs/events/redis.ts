import { EventEmitter } from "node:events";
import type { Redis } from "ioredis";
import { log } from "#lib/log.ts";
import { conceal, reveal } from "../conceal.ts";
import { isFinish, type LoggedEvent } from "./logged.ts";
import type { EventBatch, EventStore } from "./store.ts";

/** Events of a live run are kept for this long after one of the last, those of an ended run for less, in seconds. */
const keepSeconds = 60 * 60;
const keepEndedSeconds = 10 * 60;
/** Batches kept of one run: far more than an answer has. */
const mostBatches = 20_000;

/** A batch of so many characters at most is published, a larger one is to be read: Redis parts with who does not keep up. */
const mostTold = 16_384;
/** Keys expire anew once in so many events: a run that says less in an hour is written once more. */
const eventsBetween = 100;
const anything = "more";

/**
 * Run events in Redis Streams, one stream a run: an entry holds a batch, and its id is the number
 * of the batch's last event. Other processes are told the batch itself, or that there is something to read.
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
    this.#subscriber.on("message", (channel, word) => this.#listeners.emit(channel, word));
    // Words spoken while the line was down are lost: everybody looks for themselves.
    this.#subscriber.on("ready", () => {
      for (const channel of this.#listeners.eventNames()) this.#listeners.emit(channel, anything);
    });
  }

  #key(run: string): string {
    return `${this.#prefix}:run:{${run}}:events`;
  }

  async write(batches: readonly EventBatch[]): Promise<readonly string[]> {
    const pipeline = this.#commands.pipeline();
    const added: { run: string; place: number }[] = [];
    for (const { run, first, events } of batches) {
      const key = this.#key(run);
      const last = first + events.length - 1;
      const text = conceal(`[${events.join(",")}]`, `${run}:${first}`);
      // What goes on where nothing is any more would look like a beginning.
      const onlyThere = first > 1 ? ["NOMKSTREAM"] : [];
      added.push({ run, place: pipeline.length });
      pipeline.call("XADD", key, ...onlyThere, "MAXLEN", "~", mostBatches, `${last}-0`, "first", first, "events", text);
      const isEnd = isFinish(events.at(-1));
      const passes = Math.floor(last / eventsBetween) > Math.floor((first - 1) / eventsBetween);
      if (isEnd || first === 1 || passes) pipeline.expire(key, isEnd ? keepEndedSeconds : keepSeconds);
      pipeline.publish(key, text.length > mostTold ? anything : `${first}:${text}`);
    }
    const results = (await pipeline.exec()) ?? [];
    const failed = results.map(([error]) => error).find((error) => error && !isRepeated(error));
    if (failed) throw failed;
    return added.flatMap(({ run, place }) => (results[place]?.[1] === null ? run : []));
  }

  async read(run: string, after: number): Promise<LoggedEvent[]> {
    const entries = await this.#commands.xrange(this.#key(run), `(${after}-0`, "+");
    const found = new Map<number, LoggedEvent>();
    for (const [, [, first, , text]] of entries) {
      // A batch that was tried again holds events of the one before.
      for (const event of eventsOf(run, Number(first), text ?? "[]")) found.set(event.id, event);
    }
    return [...found.values()].filter(({ id }) => id > after);
  }

  listen(run: string, more: (told?: readonly LoggedEvent[]) => void): () => void {
    const channel = this.#key(run);
    let silent = true;
    const hear = (word: string) => {
      silent = false;
      more(toldBy(run, word));
    };
    if (this.#listeners.listenerCount(channel) === 0) this.#subscribe(channel);
    this.#listeners.on(channel, hear);
    // A process that dies says nothing any more: where it is silent, look now and then.
    const timer = setInterval(() => {
      if (silent) more();
      silent = true;
    }, 2000);
    return () => {
      clearInterval(timer);
      this.#listeners.off(channel, hear);
      if (this.#listeners.listenerCount(channel) === 0) this.#unsubscribe(channel);
    };
  }

  tell(run: string): void {
    const channel = this.#key(run);
    this.#commands.publish(channel, anything).catch((error: unknown) => {
      log().warn({ err: error, channel }, "Redis did not carry a word to other processes");
    });
  }

  #subscribe(channel: string): void {
    this.#subscriber.subscribe(channel).then(
      () => this.#listeners.emit(channel, anything),
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

function eventsOf(run: string, first: number, text: string): LoggedEvent[] {
  const chunks: unknown[] = JSON.parse(reveal(text, `${run}:${first}`));
  return chunks.map((chunk, index) => ({ id: first + index, json: JSON.stringify(chunk) }));
}

/** The batch that a published word holds, if it does. What cannot be understood is read, and reported there. */
function toldBy(run: string, word: string): LoggedEvent[] | undefined {
  const colon = word.indexOf(":");
  if (colon === -1) return undefined;
  try {
    return eventsOf(run, Number(word.slice(0, colon)), word.slice(colon + 1));
  } catch {
    return undefined;
  }
}

/** A batch that is written a second time has an id that is there already. */
const isRepeated = (error: Error) => error.message.includes("equal or smaller than the target stream top item");
