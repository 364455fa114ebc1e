import type { Bytes } from "./encoding.ts";

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
