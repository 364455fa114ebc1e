/** Text like people's, and the same in every run: few words are used very often, most of them rarely. */

const vowels = "aeiou";
const consonants = "bcdfghlmnprstvw";
const size = 30_000;

/** The word that is used most but `rank` others. */
export function wordAt(rank: number): string {
  let rest = rank;
  let word = "";
  do {
    word += consonants[rest % consonants.length];
    rest = Math.floor(rest / consonants.length);
    word += vowels[rest % vowels.length];
    rest = Math.floor(rest / vowels.length);
  } while (rest > 0);
  return word + (rank % 3 === 0 ? "n" : "");
}

export class Writer {
  #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** A number from 0 up to 1. */
  next(): number {
    this.#seed = (Math.imul(this.#seed, 1_664_525) + 1_013_904_223) >>> 0;
    return this.#seed / 2 ** 32;
  }

  /** The frequency of a word falls with its rank. */
  text(words: number): string {
    const chosen = Array.from({ length: words }, () => wordAt(Math.floor(size ** this.next()) - 1));
    return `${chosen.join(" ")}.`;
  }
}
