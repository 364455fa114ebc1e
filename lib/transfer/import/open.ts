import { createReadStream } from "node:fs";
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
      files: [{ name, size, open: () => createReadStream(path) }],
      leftOut: [],
      pictures: { has: () => false, read: async () => undefined },
      close() {},
    };
  } finally {
    await file.close();
  }
}
