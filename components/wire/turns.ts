/** Leave to hold a connection. */
export interface Turn {
  /** Aborted when the time is over and somebody else waits. */
  readonly over: AbortSignal;
  /** The connection stands: the time begins. */
  opened(): void;
  end(): void;
}

interface Holder {
  over: AbortController;
  due: boolean;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** So many at a time. Who has held a turn for a while gives it to who waits, and waits for the next. */
export class Turns {
  readonly #limit: number;
  readonly #slice: number;
  /** Those who hold a turn, the first to come first. */
  readonly #holders = new Set<Holder>();
  /** Those who wait, the next one first. */
  readonly #waiting: (() => void)[] = [];

  constructor(limit: number, slice: number) {
    this.#limit = limit;
    this.#slice = slice;
  }

  /** Who has had none yet comes next. An aborted wait is answered too: who holds the turn then ends it at once. */
  readonly take = (signal: AbortSignal | undefined, first: boolean): Promise<Turn> => {
    if (this.#holders.size < this.#limit || signal?.aborted) return Promise.resolve(this.#grant());
    return new Promise((resolve) => {
      const go = () => {
        const place = this.#waiting.indexOf(go);
        if (place !== -1) this.#waiting.splice(place, 1);
        signal?.removeEventListener("abort", go);
        resolve(this.#grant());
      };
      if (first) this.#waiting.unshift(go);
      else this.#waiting.push(go);
      signal?.addEventListener("abort", go);
      this.#press();
    });
  };

  #grant(): Turn {
    const holder: Holder = { over: new AbortController(), due: false, timer: undefined };
    this.#holders.add(holder);
    return {
      over: holder.over.signal,
      opened: () => {
        holder.timer ??= setTimeout(() => {
          holder.due = true;
          this.#press();
        }, this.#slice);
      },
      end: () => {
        clearTimeout(holder.timer);
        this.#holders.delete(holder);
        if (this.#holders.size < this.#limit) this.#waiting[0]?.();
      },
    };
  }

  /** As many of those whose time is over are sent away as others wait. */
  #press(): void {
    let leaving = [...this.#holders].filter(({ over }) => over.signal.aborted).length;
    for (const { due, over } of this.#holders) {
      if (leaving >= this.#waiting.length) return;
      if (!due || over.signal.aborted) continue;
      over.abort();
      leaving += 1;
    }
  }
}
