import { Tokenizer, TokenParser, TokenType } from "@streamparser/json";

/** A value of a JSON file: an entry of its list, or the file's only one. */
export type JsonValue =
  | { value: unknown; within: string | undefined }
  /** The object whose list came entry by entry, without that list. */
  | { frame: unknown }
  /** Left out because it is larger than can be held. */
  | { oversize: number };

/** The file is not JSON, or ends too early. What was read before stands. */
export class BrokenJsonError extends Error {
  override name = "BrokenJsonError";
}

const largestValue = 64 * 1024 * 1024;
/** Each takes some fifty times its bytes in memory; the longest conversations have half as many. */
const mostTokens = 3_000_000;
/** Lists that hold conversations inside an object: their entries come one by one. */
const lists = new Set(["history", "conversations"]);

/**
 * The entries of the list that a file is, one after the other, or its one value, or several where
 * they follow each other. Only one is held at a time. Throws `BrokenJsonError`.
 */
export async function* readJsonValues(
  chunks: AsyncIterable<Uint8Array>,
  { limit = largestValue } = {},
): AsyncGenerator<JsonValue> {
  const splitter = new Splitter(limit);
  let fed = 0;
  for await (const chunk of chunks) {
    splitter.write(chunk);
    fed += chunk.length;
    yield* splitter.take();
    if (fed - splitter.offset > limit) throw new BrokenJsonError("A single text in it is too large to be read.");
  }
  splitter.end();
  yield* splitter.take();
}

interface Split {
  depth: number;
  within: string | undefined;
  /** Whether a comma must come before the next entry. */
  comma: boolean;
}

class Splitter {
  readonly #limit: number;
  readonly #tokenizer = new Tokenizer();
  #found: JsonValue[] = [];
  #root: Assembly | undefined;
  #entry: Assembly | undefined;
  #depth = 0;
  /** At which depth entries begin: inside the outermost list, or inside a known list of an object. */
  #split: Split | undefined;
  #key: string | undefined;
  #divided = false;
  #begun = false;
  offset = 0;

  constructor(limit: number) {
    this.#limit = limit;
    this.#tokenizer.onToken = (token) => this.#token(token);
    this.#tokenizer.onError = (error) => {
      throw new BrokenJsonError(`It is not valid JSON. ${error.message}`);
    };
  }

  write(chunk: Uint8Array): void {
    this.#guard(() => this.#tokenizer.write(chunk));
  }

  end(): void {
    this.#guard(() => {
      if (!this.#tokenizer.isEnded) this.#tokenizer.end();
    });
    if (!this.#begun) throw new BrokenJsonError("It is empty.");
    if (this.#depth > 0) throw new BrokenJsonError("It ends in the middle.");
  }

  take(): JsonValue[] {
    const found = this.#found;
    this.#found = [];
    return found;
  }

  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (error instanceof BrokenJsonError || !(error instanceof Error)) throw error;
      throw new BrokenJsonError(`It is not valid JSON. ${error.message}`, { cause: error });
    }
  }

  #token(token: Token): void {
    this.offset = token.offset;
    this.#begun = true;
    if (this.#entry) this.#inEntry(this.#entry, token);
    else if (this.#split) this.#between(this.#split, token);
    else this.#inRoot(token);
  }

  /** Inside the one object that the file is. */
  #inRoot(token: Token): void {
    if (!this.#root) {
      if (token.token === TokenType.LEFT_BRACKET) {
        this.#depth = 1;
        this.#split = { depth: 1, within: undefined, comma: false };
        return;
      }
      this.#root = new Assembly(token.offset, this.#limit);
    }
    if (this.#depth === 1 && token.token === TokenType.STRING) this.#key = String(token.value);
    const begins = this.#depth === 1 && token.token === TokenType.LEFT_BRACKET;
    this.#depth += stepOf(token);
    this.#root.add(token);
    if (begins && this.#key !== undefined && lists.has(this.#key)) {
      this.#split = { depth: this.#depth, within: this.#key, comma: false };
      this.#divided = true;
    }
    if (this.#depth === 0) {
      const root = this.#root.finish(undefined);
      this.#found.push(this.#divided && "value" in root ? { frame: root.value } : root);
      this.#root = undefined;
      this.#divided = false;
    }
  }

  /** Between the entries of a list. */
  #between(split: Split, token: Token): void {
    if (token.token === TokenType.RIGHT_BRACKET) {
      this.#split = undefined;
      this.#depth -= 1;
      this.#root?.add(token);
    } else if (token.token === TokenType.COMMA && split.comma) {
      split.comma = false;
    } else if (split.comma || token.token === TokenType.COMMA) {
      throw new BrokenJsonError("It is not valid JSON: a comma is missing or too many.");
    } else {
      split.comma = true;
      this.#entry = new Assembly(token.offset, this.#limit);
      this.#inEntry(this.#entry, token);
    }
  }

  #inEntry(entry: Assembly, token: Token): void {
    this.#depth += stepOf(token);
    entry.add(token);
    if (this.#depth > (this.#split?.depth ?? 0)) return;
    this.#found.push(entry.finish(this.#split?.within));
    this.#entry = undefined;
  }
}

type Token = Parameters<Tokenizer["onToken"]>[0];

function stepOf({ token }: Token): number {
  if (token === TokenType.LEFT_BRACE || token === TokenType.LEFT_BRACKET) return 1;
  return token === TokenType.RIGHT_BRACE || token === TokenType.RIGHT_BRACKET ? -1 : 0;
}

/** One value as it is put together, let go when it grows too large. */
class Assembly {
  readonly #start: number;
  readonly #limit: number;
  #parser: TokenParser | undefined = new TokenParser({ paths: ["$"] });
  #value: unknown;
  #end: number;
  #tokens = 0;

  constructor(start: number, limit: number) {
    this.#start = start;
    this.#end = start;
    this.#limit = limit;
    if (!this.#parser) return;
    this.#parser.onValue = ({ value }) => {
      this.#value = value;
    };
  }

  add(token: Token): void {
    this.#end = token.offset;
    this.#tokens += 1;
    if (this.#end - this.#start > this.#limit || this.#tokens > mostTokens) this.#parser = undefined;
    this.#parser?.write(token);
  }

  finish(within: string | undefined): JsonValue {
    return this.#parser ? { value: this.#value, within } : { oversize: this.#end - this.#start };
  }
}
