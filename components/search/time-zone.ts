/** Where the reader's days begin. Kept in a cookie, so that an address is enough to search with. */

export const timeZoneCookie = "time-zone";

/** Remembers it for a year. Browser only. */
export function rememberTimeZone(): void {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing on plain http, where people host this too.
  document.cookie = `${timeZoneCookie}=${timeZone}; path=/; max-age=31536000; samesite=lax`;
}
