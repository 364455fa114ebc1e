/** Pictures that an export keeps as files of their own. Readers name them; the import puts them in. */

const scheme = "switchboard-asset:";

/** What stands for a file until it is found: the end of ChatGPT's `file-service://file-...` or `sediment://file_...`. */
export const assetReference = (pointer: string): string =>
  `${scheme}${pointer.replace(/^[a-z-]+:\/\//i, "").split("#")[0]}`;

/** The name behind a reference, or undefined for any other source of an image. */
export function assetName(source: unknown): string | undefined {
  return typeof source === "string" && source.startsWith(scheme) ? source.slice(scheme.length) : undefined;
}
