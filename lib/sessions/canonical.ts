import { createHash } from "node:crypto";
import { decode, encode } from "./codec.ts";

/** The same text for equal values, whatever the order of their keys. */
export function canonical(value: unknown): string {
  return JSON.stringify(sortKeys(JSON.parse(encode(value))));
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, inner]) => [key, sortKeys(inner)]),
  );
}

export function digestOf(value: unknown): string {
  return createHash("sha256").update(canonical(value)).digest("base64url");
}

/** A value as it comes back from a store: without what is undefined. */
export function asStored<T>(value: T): T {
  return decode(encode(value)) as T;
}
