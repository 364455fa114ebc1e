import type { AgentInputItem } from "@openai/agents";
import { SessionError } from "./errors.ts";

// JSON has no bytes, but items may carry them; no key of an item starts with a NUL.
const BYTES = "\0bytes";
// From its rarest character on: a search begins with the first one, and quotes are everywhere.
const BYTES_IN_JSON = '\\u0000bytes"';

/** A value as JSON text that `decode` gives back equal, bytes included. */
export function encode(value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value, (_key, inner: unknown) =>
      inner instanceof Uint8Array ? { [BYTES]: toBase64(inner) } : inner,
    );
  } catch (cause) {
    throw new SessionError("item_invalid", "This can't be stored as JSON: it has a cycle or a bigint.", cause);
  }
  if (text === undefined) throw new SessionError("item_invalid", "Only JSON values can be stored.");
  return text;
}

/** The value of a text that `encode` made. Throws a SyntaxError for anything else. */
export function decode(text: string): unknown {
  if (!text.includes(BYTES_IN_JSON)) return JSON.parse(text);
  return JSON.parse(text, (_key, inner: unknown) => {
    if (inner === null || typeof inner !== "object" || !(BYTES in inner)) return inner;
    return typeof inner[BYTES] === "string" ? fromBase64(inner[BYTES]) : inner;
  });
}

/** The item of a stored text, or undefined when the text is damaged. */
export function decodeItem(text: string): AgentInputItem | undefined {
  try {
    const value = decode(text);
    return isItem(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** As far as a store cares, an item is any object: the SDK adds kinds of items with each version. */
export function isItem(value: unknown): value is AgentInputItem {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

export function fromBase64(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "base64"));
}
