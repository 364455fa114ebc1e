import { setTimeout as pause } from "node:timers/promises";
import { Folding } from "../components/chat/fold.ts";

/** Watches a run as the browser does: over any number of connections, and folds what comes. */

export interface Seen {
  id: number;
  json: string;
  /** When it came, by the clock that never goes back. */
  at: number;
}

export class Viewer {
  readonly seen: Seen[] = [];
  /** How many connections it took. */
  connections = 0;
  readonly #address: () => string;
  readonly #cookies: string;
  readonly #run: string;

  /** `address` may name another server each time. */
  constructor(address: string | (() => string), cookies: string, run: string) {
    this.#address = typeof address === "string" ? () => address : address;
    this.#cookies = cookies;
    this.#run = run;
  }

  /** Follows until the run is done. Rejects when an event comes twice or out of order. */
  async follow(patience = 20_000): Promise<void> {
    const until = performance.now() + patience;
    while (!(await this.connect())) {
      if (performance.now() > until) throw new Error(`Run ${this.#run} did not end: ${this.seen.at(-1)?.json}`);
      await pause(50);
    }
  }

  /** One connection, until it ends, breaks or is left. True when the run is done. */
  async connect(leave?: AbortSignal): Promise<boolean> {
    this.connections += 1;
    const last = this.seen.at(-1)?.id ?? 0;
    const headers = { cookie: this.#cookies, ...(last > 0 ? { "last-event-id": String(last) } : {}) };
    try {
      const response = await fetch(`${this.#address()}/api/runs/${this.#run}/events`, { headers, signal: leave });
      if (!response.ok || !response.body) return false;
      return await this.#read(response.body.pipeThrough(new TextDecoderStream()));
    } catch (error) {
      if (error instanceof RepeatedError) throw error;
      return false;
    }
  }

  async #read(text: ReadableStream<string>): Promise<boolean> {
    let rest = "";
    for await (const piece of text) {
      const blocks = (rest + piece).split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        if (block.endsWith("data: [DONE]")) return true;
        const [, id, json] = /^id: (\d+)\ndata: (.*)$/.exec(block) ?? [];
        if (id && json) this.#take(Number(id), json);
      }
    }
    return false;
  }

  #take(id: number, json: string): void {
    const expected = (this.seen.at(-1)?.id ?? 0) + 1;
    if (id !== expected) throw new RepeatedError(`Event ${id} came where ${expected} was due: ${json}`);
    this.seen.push({ id, json, at: performance.now() });
  }

  get events(): { id: number; json: string }[] {
    return this.seen.map(({ id, json }) => ({ id, json }));
  }

  get message() {
    const folding = new Folding(this.#run);
    for (const { json } of this.seen) folding.add(JSON.parse(json));
    return folding.message;
  }

  /** The words that are shown. */
  get text(): string {
    return this.message.parts.map((part) => (part.type === "text" ? part.text : "")).join("");
  }
}

class RepeatedError extends Error {
  override name = "RepeatedError";
}
