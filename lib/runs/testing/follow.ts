import { setTimeout as pause } from "node:timers/promises";
import type { Chunk } from "../translate.ts";

export interface Numbered {
  id: number;
  chunk: Chunk;
}

/** The events of a run by the protocol alone, over as many connections as it takes, until the run says that it is done. */
export async function* follow(connect: (last: number) => Promise<Response>): AsyncGenerator<Numbered, void, void> {
  for (let last = 0; ; await pause(10)) {
    try {
      for await (const { id, data } of eventsOf(await connect(last))) {
        if (data === "[DONE]") return;
        // After a crash a run goes on from what was kept, and who has seen more knows better.
        if (id <= last) continue;
        last = id;
        yield { id, chunk: JSON.parse(data) };
      }
    } catch (error) {
      if (!isBroken(error)) throw error;
    }
  }
}

/** The connection broke off, as it does when an instance is ended. */
const isBroken = (error: unknown): boolean => error instanceof TypeError;

async function* eventsOf(response: Response): AsyncGenerator<{ id: number; data: string }, void, void> {
  if (!response.ok || !response.body) throw new Error(`A run could not be watched: ${response.status}.`);
  let rest = "";
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + text).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const [, id, data] = /^(?:id: (\d+)\n)?data: (.*)$/.exec(block) ?? [];
      if (data !== undefined) yield { id: Number(id), data };
    }
  }
}
