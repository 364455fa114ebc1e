/** Which namespaces are folded in the sidebar. Kept in a cookie, so that the server renders them so at once. */

export const collapsedCookie = "folded";

export const collapsedFrom = (value: string | undefined): string[] =>
  value ? value.split(".").map((type) => decodeURIComponent(type)) : [];

/** Remembers it for a year. Browser only. */
export function rememberCollapsed(types: string[]): void {
  const value = types.map((type) => encodeURIComponent(type).replaceAll(".", "%2E")).join(".");
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing on plain http, where people host this too.
  document.cookie = `${collapsedCookie}=${value}; path=/; max-age=31536000; samesite=lax`;
}
