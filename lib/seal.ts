import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

const nonceBytes = 12;
const tagBytes = 16;

/** Encrypts a text with AES-256-GCM. What it is `bound` to has to be named again to open it: it opens nowhere else. */
export function seal(text: string, key: Buffer, bound: string): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(bound));
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64");
}

/** The text that was sealed. Throws when the key, the binding or the text is not as it was. */
export function unseal(sealed: string, key: Buffer, bound: string): string {
  const bytes = Buffer.from(sealed, "base64");
  const opened = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes })
    .setAAD(Buffer.from(bound))
    .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
  return opened.update(bytes.subarray(nonceBytes + tagBytes), undefined, "utf8") + opened.final("utf8");
}
