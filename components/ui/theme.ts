/** Light, dark, or as the system says. Kept in a cookie, so that the server renders the right one at once. */

export type Theme = "light" | "dark" | "system";

export const themeCookie = "theme";

export const themeFrom = (value: string | undefined): Theme =>
  value === "light" || value === "dark" ? value : "system";

/** The theme of the page as it is shown now. Browser only. */
export const currentTheme = (): Theme => themeFrom(document.documentElement.dataset.theme);

/** Shows a theme and remembers it for a year. Browser only. */
export function applyTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  const age = theme === "system" ? 0 : 31_536_000;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing on plain http, where people host this too.
  document.cookie = `${themeCookie}=${theme}; path=/; max-age=${age}; samesite=lax`;
}
