/** A fresh UUID. `crypto.randomUUID` is missing on plain http, where people host this too. */
export function newOperation(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, (byte, place) => {
    const marked = place === 6 ? (byte & 0x0f) | 0x40 : place === 8 ? (byte & 0x3f) | 0x80 : byte;
    return marked.toString(16).padStart(2, "0");
  }).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** The same words to the same place are the same operation until the server has taken them. */
export class Operations {
  #unanswered: { key: string; id: string } | null = null;

  idOf(key: string): string {
    if (this.#unanswered?.key !== key) this.#unanswered = { key, id: newOperation() };
    return this.#unanswered.id;
  }

  /** The server has taken it. */
  done(): void {
    this.#unanswered = null;
  }
}
