/** Names of files that are safe on every system and say what is in them. */

const longest = 80;
// Reserved on Windows whatever their ending.
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/** A title as a file's name, without its ending. */
export function fileNameOf(title: string): string {
  const name = [
    ...title
      .toWellFormed()
      .normalize("NFC")
      .replace(/[\p{C}<>:"/\\|?*]+/gu, " "),
  ]
    .slice(0, longest)
    .join("")
    .replace(/\s+/gu, " ")
    .replace(/^[\s.]+|[\s.]+$/gu, "");
  return name === "" || reserved.test(name) ? "conversation" : name;
}

/** The header that makes a browser save a response under this name (RFC 6266, RFC 8187). */
export function attachment(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]/g, "_").replace(/["\\%]/g, "_");
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
