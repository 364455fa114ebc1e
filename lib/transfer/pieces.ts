import { Readable } from "node:stream";
import { setImmediate } from "node:timers/promises";

const chunkBytes = 16 * 1024;

/** Pieces of text as bytes, gathered so that not every line travels alone. Between two chunks it is others' turn. */
export async function* encodePieces(pieces: AsyncIterable<string>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  let waiting: string[] = [];
  let size = 0;
  for await (const piece of pieces) {
    waiting.push(piece);
    size += piece.length;
    if (size >= chunkBytes) {
      yield encoder.encode(waiting.join(""));
      waiting = [];
      size = 0;
      await setImmediate();
    }
  }
  if (size > 0) yield encoder.encode(waiting.join(""));
}

/** A body that asks for the next piece only when the last one has gone out. */
export function bodyOf(chunks: AsyncGenerator<Uint8Array<ArrayBuffer>>): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await chunks.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}

/** The other way round: a body as a stream of Node's, whose type is another one for the same thing. */
export function streamOf(body: ReadableStream<Uint8Array>): Readable {
  return Readable.fromWeb(body as import("node:stream/web").ReadableStream);
}
