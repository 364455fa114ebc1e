import type { ThreadMessage } from "#lib/thread.ts";
import { type LineState, noState } from "./line-state.ts";

/** How long what is written may wait to be drawn, in milliseconds. */
const drawingPause = 50;

/** What is shown of a line, and who watches it. */
export class LineStore {
  #state: LineState;
  #drawing: ReturnType<typeof setTimeout> | undefined;
  readonly #watchers = new Set<() => void>();

  constructor(agent: string) {
    this.#state = { ...noState, agent };
  }

  get state(): LineState {
    return this.#state;
  }

  /** Calls `changed` whenever something else is to be shown. Answers how to stop it. */
  watch(changed: () => void): () => void {
    this.#watchers.add(changed);
    return () => this.#watchers.delete(changed);
  }

  set(change: Partial<LineState>): void {
    this.#state = { ...this.#state, ...change };
    this.#tell();
  }

  /** What is shown may not be all there is. */
  doubt(): void {
    this.set({ outdated: this.#state.outdated + 1 });
  }

  /** Shows a message as it is being written. The first word is drawn at once, what follows several times a second. */
  show(message: ThreadMessage, agent: string): void {
    const { messages, heard } = this.#state;
    const place = messages.findLastIndex(({ id }) => id === message.id);
    const next = place === -1 ? [...messages, message] : messages.with(place, message);
    this.#state = { ...this.#state, messages: next, agent, heard: true };
    if (!heard) this.#tell();
    else this.#drawing ??= setTimeout(() => this.#tell(), drawingPause);
  }

  #tell(): void {
    clearTimeout(this.#drawing);
    this.#drawing = undefined;
    for (const changed of this.#watchers) changed();
  }
}
