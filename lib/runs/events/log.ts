import type { Chunk } from "../translate.ts";

/** Who watches a run. `frames` are complete lines of the wire, in order, each event once. */
export interface Watcher {
  frames(text: string): void;
  /** Nothing more will come. */
  end(): void;
}

/**
 * The log of what runs have streamed, and the way to everybody who watches. Events of a run are
 * numbered from 1. Everything is durable within `flushInterval` milliseconds, or after `flush`.
 */
export interface EventLog {
  append(run: string, chunks: readonly Chunk[]): void;
  /** Writes what is not durable yet. */
  flush(): Promise<void>;
  /** The run has ended: everything is durable, and everybody who watches is told. */
  finish(run: string): Promise<void>;
  /** Gives `watcher` all events after number `after`, then each new one. Returns how to leave. */
  watch(run: string, after: number, watcher: Watcher): () => void;
  /** All events that are durable, for who takes over after a crash. */
  read(run: string): Promise<Chunk[]>;
  /** Takes over the numbering of a run that another process has begun. */
  adopt(run: string): Promise<void>;
  /** Forgets the events of ended runs that were written before `before` (ms). */
  forget(before: number): Promise<void>;
}

export const flushInterval = 200;

/** One event on the wire. */
export function frame(id: number, json: string): string {
  return `id: ${id}\ndata: ${json}\n\n`;
}

export const lastFrame = "data: [DONE]\n\n";
