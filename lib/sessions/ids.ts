import { randomFillSync } from "node:crypto";
import { monotonicFactory } from "ulid";

const bytes = new Uint8Array(512);
let used = bytes.length;

/** One of 256 numbers from 0 to below 1, of which an id takes 32: asking for each by itself would cost more than all else. */
function random(): number {
  if (used === bytes.length) {
    randomFillSync(bytes);
    used = 0;
  }
  return (bytes[used++] ?? 0) / 256;
}

const next = monotonicFactory(random);

/**
 * A new id that sorts after every id made before it in this process.
 *
 * @param at The time that it carries, in milliseconds since 1970: now, when absent.
 */
export function newId(at?: number): string {
  return next(at);
}
