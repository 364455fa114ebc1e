/** Bytes of text in any usual encoding, as UTF-8. */

export interface Bytes {
  /** The content from its beginning, each time it is called. */
  open(): AsyncIterable<Uint8Array>;
}

/** How a text is encoded: what its first bytes say, else UTF-8 where all of it is, else what Windows writes. */
export async function encodingOf(bytes: Bytes): Promise<"utf-8" | "utf-16le" | "utf-16be" | "windows-1252"> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let begun = false;
  try {
    for await (const chunk of bytes.open()) {
      if (!begun && chunk.length >= 2) {
        const [first, second] = chunk;
        if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return "utf-16le";
        if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return "utf-16be";
        begun = true;
      }
      decoder.decode(chunk, { stream: true });
    }
    decoder.decode();
    return "utf-8";
  } catch (error) {
    if (error instanceof TypeError) return "windows-1252";
    throw error;
  }
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
