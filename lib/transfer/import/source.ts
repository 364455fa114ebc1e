import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import type { Bytes } from "./encoding.ts";
import { openZip } from "./zip.ts";

/** What an uploaded file holds: itself, or the files inside a ZIP. */
export interface Source {
  /** Files that hold conversations, in their order. */
  files: SourceFile[];
  /** What is in it besides, and is not read. */
  leftOut: string[];
  /** Pictures that lie beside the conversations. */
  pictures: Pictures;
  close(): void;
}

export interface SourceFile extends Bytes {
  name: string;
  /** How many bytes it has, unpacked. */
  size: number;
}

export interface Pictures {
  has(name: string): boolean;
  /** As a data URL; undefined for what is no picture. */
  read(name: string): Promise<string | undefined>;
}

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
