import { type Piece, pieceOf, saidIn } from "./deltas.ts";
import type { Hear } from "./said.ts";

/**
 * Reads the stream of server-sent events in which a model answers. What it says is told at once; what is
 * passed on says the same in fewer events, with the pieces of a text that follow each other made one. Who
 * reads that has a price for each event many times that of reading it here, and needs only the whole.
 */
export class Condenser {
  readonly #hear: Hear;
  readonly #stirred: () => void;
  /** The pieces of an event whose end has not come yet: put together once, as they can be many. */
  #pieces: string[] = [];
  /** Half a line end, where that is the last thing that came. */
  #half = "";
  #begun = false;
  #held: (Piece & { text: string; head: string }) | undefined;

  /** `stirred` is called for each event: the server is still there. */
  constructor(hear: Hear, stirred: () => void) {
    this.#hear = hear;
    this.#stirred = stirred;
  }

  /** Takes what came, however it was cut, and answers what to pass on now. */
  take(text: string): string {
    let fresh = this.#half + text;
    this.#half = fresh.endsWith("\r") ? "\r" : "";
    if (fresh.includes("\r")) fresh = fresh.slice(0, fresh.length - this.#half.length).replace(/\r\n?/g, "\n");
    let passed = "";
    let from = 0;
    // The empty line that ends an event may be cut in two.
    if (fresh.startsWith("\n") && this.#pieces.at(-1)?.endsWith("\n")) {
      passed += this.#event(this.#together().slice(0, -1));
      from = 1;
    }
    for (let end = fresh.indexOf("\n\n", from); end !== -1; end = fresh.indexOf("\n\n", from)) {
      passed += this.#event(this.#together(fresh.slice(from, end)));
      from = end + 2;
    }
    if (from < fresh.length) this.#pieces.push(fresh.slice(from));
    return passed;
  }

  /** What is left to pass on when no more comes. */
  end(): string {
    return this.#release() + this.#together(this.#half);
  }

  #together(last = ""): string {
    if (this.#pieces.length === 0) return last;
    const pieces = this.#pieces;
    this.#pieces = [];
    return pieces.join("") + last;
  }

  #event(block: string): string {
    const { head, data } = partsOf(block);
    if (data === undefined) return `${block}\n\n`;
    this.#stirred();
    const event = parsed(data);
    for (const said of saidIn(event)) this.#hear(said);
    const piece = this.#begun ? pieceOf(event) : undefined;
    // The first one is passed on as it is, so that who reads sees at once that an answer has begun.
    this.#begun = true;
    if (!piece) return `${this.#release()}${block}\n\n`;
    if (this.#held?.line === piece.line) {
      this.#held.text += piece.text;
      return "";
    }
    const passed = this.#release();
    this.#held = { ...piece, head };
    return passed;
  }

  #release(): string {
    const held = this.#held;
    if (!held) return "";
    this.#held = undefined;
    return `${held.head}data: ${JSON.stringify(held.withText(held.text))}\n\n`;
  }
}

/** The data of an event, if it has any, and what stands beside it. */
function partsOf(block: string): { head: string; data?: string } {
  if (block.startsWith("data:") && !block.includes("\n")) return { head: "", data: block.slice("data:".length) };
  const lines = block.split("\n");
  const data = lines.filter((line) => line.startsWith("data:")).map((line) => line.slice("data:".length));
  const head = lines.filter((line) => !line.startsWith("data:")).map((line) => `${line}\n`);
  return { head: head.join(""), ...(data.length > 0 && { data: data.join("\n") }) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // It is passed on as it came, and whoever parses it next says what is wrong.
    return undefined;
  }
}
