import { diffArrays } from "diff";

/** Words that follow each other, and whether only this one of the two texts has them. */
export interface Stretch {
  text: string;
  only: boolean;
}

/** Two texts that have little in common are not worth a longer search. In milliseconds. */
const patience = 300;

/** What only one of two texts says, word by word, also in languages that put no spaces between them. */
export function differences(left: string, right: string): { left: Stretch[]; right: Stretch[] } {
  const changes = diffArrays(wordsOf(left), wordsOf(right), { timeout: patience });
  if (!changes) return { left: [{ text: left, only: true }], right: [{ text: right, only: true }] };
  const side = (skip: "added" | "removed") =>
    changes
      .filter((change) => !change[skip])
      .map(({ value, added, removed }) => ({ text: value.join(""), only: added || removed }));
  return { left: side("added"), right: side("removed") };
}

const segmenter = new Intl.Segmenter(undefined, { granularity: "word" });

const wordsOf = (text: string): string[] => Array.from(segmenter.segment(text), ({ segment }) => segment);
