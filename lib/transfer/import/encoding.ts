import { isUtf8 } from "node:buffer";

/** Bytes of text in any usual encoding, as UTF-8. */

export interface Bytes {
  /** The content from its beginning, each time it is called. */
  open(): AsyncIterable<Uint8Array>;
}

/** How a text is encoded: what its first bytes say, else UTF-8 where all of it is, else what Windows writes. */
export async function encodingOf(bytes: Bytes): Promise<"utf-8" | "utf-16le" | "utf-16be" | "windows-1252"> {
  let rest: Uint8Array = new Uint8Array(0);
  let begun = false;
  for await (const chunk of bytes.open()) {
    if (!begun && chunk.length >= 2) {
      const [first, second] = chunk;
      if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return "utf-16le";
      if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return "utf-16be";
      begun = true;
    }
    // The letter that was cut, and then all the others. Asked of the bytes: a text would only be garbage.
    const missing = rest.length === 0 ? 0 : letterBytes(rest[0] ?? 0) - rest.length;
    const letter = Buffer.concat([rest, chunk.subarray(0, missing)]);
    const whole = chunk.length >= missing;
    const others = chunk.subarray(missing);
    const end = wholeLetters(others);
    if (whole && !isUtf8(letter)) return "windows-1252";
    if (!isUtf8(others.subarray(0, end))) return "windows-1252";
    rest = whole ? Buffer.from(others.subarray(end)) : letter;
  }
  return rest.length === 0 ? "utf-8" : "windows-1252";
}

/** How many bytes a letter has that begins with this one. */
const letterBytes = (first: number): number => (first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1);

/** How many of these bytes there are before a letter that goes on in the next ones. */
function wholeLetters(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    return letterBytes(byte) > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** The same text in UTF-8. */
export async function* inUtf8(chunks: AsyncIterable<Uint8Array>, encoding: string): AsyncGenerator<Uint8Array> {
  if (encoding === "utf-8") {
    yield* chunks;
    return;
  }
  const decoder = new TextDecoder(encoding);
  const encoder = new TextEncoder();
  for await (const chunk of chunks) yield encoder.encode(decoder.decode(chunk, { stream: true }));
  yield encoder.encode(decoder.decode());
}
