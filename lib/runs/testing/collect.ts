import type { EventLog } from "../events/log.ts";
import type { WatchEnd } from "../events/watcher.ts";
import type { Chunk } from "../translate.ts";

/** What is logged of a run, and what of it reaches who watches. */

export const delta = (text: string): Chunk => ({ type: "text-delta", id: "text-1", delta: text });

/** What a watcher received, as it received it. */
export function collect(log: EventLog, run: string, after = 0) {
  let text = "";
  let leave = () => {};
  const { promise: ended, resolve } = Promise.withResolvers<WatchEnd>();
  const waiting = new Set<() => void>();
  leave = log.watch(run, after, {
    frames: (more) => {
      text += more;
      for (const check of waiting) check();
    },
    end: resolve,
  });
  const numbers = () => [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
  const deltas = () => [...text.matchAll(/"delta":"([^"]*)"/g)].map(([, word]) => word).join("");
  const has = (count: number) =>
    new Promise<void>((done) => {
      const check = () => {
        if (numbers().length < count) return;
        waiting.delete(check);
        done();
      };
      waiting.add(check);
      check();
    });
  return { numbers, deltas, ended, has, leave: () => leave() };
}

export const count = (to: number, from = 1): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);
