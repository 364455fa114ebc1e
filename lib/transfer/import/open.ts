import { open } from "node:fs/promises";
import type { Source } from "./source.ts";
import { openZip } from "./zip.ts";

/** Opens a file by its content, whatever it is called. Throws `invalid` for a ZIP that can't be read. */
export async function openSource(path: string, name: string): Promise<Source> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    if (bytesRead === 4 && buffer.readUInt16BE(0) === 0x504b) return await openZip(path);
    return {
      files: [{ name, size, open: () => contentOf(path) }],
      leftOut: [],
      pictures: { has: () => false, read: async () => undefined },
      close() {},
    };
  } finally {
    await file.close();
  }
}

const chunkBytes = 64 * 1024;

/** Each chunk lies where the last one was: what is to stay must be copied. New ones would pile up faster than they go. */
async function* contentOf(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path);
  const buffer = Buffer.alloc(chunkBytes);
  try {
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, chunkBytes);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}
