import { hkdfSync } from "node:crypto";
import { env } from "#env.ts";
import { seal, unseal } from "#lib/seal.ts";

/** Where histories are encrypted, what runs keep beside them for a while is too: live text, waiting messages. */

const mark = "sealed:";
const keys = new Map((env.SESSION_ENCRYPTION_KEYS ?? []).map(({ id, key }) => [id, derive(key)]));

function derive(key: string): Buffer {
  return Buffer.from(hkdfSync("sha256", Buffer.from(key, "base64"), "", "switchboard runs, version 1", 32));
}

/** The text as it is stored: encrypted and bound to its place when keys are set, else as it is. */
export function conceal(text: string, place: string): string {
  const [first] = keys;
  if (!first) return text;
  const [id, key] = first;
  return `${mark}${id}:${seal(text, key, place)}`;
}

/** The text that was stored at this place. Throws when its key is not among the keys any more. */
export function reveal(stored: string, place: string): string {
  if (!stored.startsWith(mark)) return stored;
  const end = stored.indexOf(":", mark.length);
  const id = stored.slice(mark.length, end);
  const key = keys.get(id);
  if (!key)
    throw new Error(`What a run kept was encrypted with key "${id}", which SESSION_ENCRYPTION_KEYS does not name.`);
  return unseal(stored.slice(end + 1), key, place);
}
