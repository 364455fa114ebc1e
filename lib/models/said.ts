/** What a model says while it says it: a piece of its answer or of its thinking, or the end of one of them. */
export type Said =
  | { readonly kind: "text" | "reasoning"; readonly delta: string }
  /** One output has ended, and the next one is another, or the answer as a whole is complete. */
  | { readonly kind: "output-end" | "answer-end" };

export type Hear = (said: Said) => void;
