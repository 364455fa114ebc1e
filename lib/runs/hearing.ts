import type { Said } from "#lib/models/said.ts";

/**
 * What the model says reaches who shows it ahead of the runner, which still hands over what was finished before.
 * So it waits here until the runner has come to the answer it belongs to: then it is shown as it comes.
 */
export class Hearing {
  readonly #show: (said: Said) => void;
  #waiting: Said[] = [];
  #open = false;
  #over = false;

  constructor(show: (said: Said) => void) {
    this.#show = show;
  }

  /** Something that the model says. */
  hear(said: Said): void {
    if (this.#over) return;
    this.#waiting.push(said);
    this.#flow();
  }

  /** The runner has come to the beginning of the next answer. */
  begin(): void {
    this.#open = true;
    this.#flow();
  }

  /** No more is heard; what still waits was said, and is shown. */
  end(): void {
    this.#over = true;
    for (const said of this.#waiting.splice(0)) this.#show(said);
  }

  /** No more is heard, and nothing more is shown: somebody else has the run now. */
  abandon(): void {
    this.#waiting = [];
    this.#over = true;
  }

  #flow(): void {
    while (this.#open) {
      const said = this.#waiting.shift();
      if (!said) return;
      if (said.kind === "answer-end") this.#open = false;
      this.#show(said);
    }
  }
}
