/** The CSS colour behind a name of the palette: "billing" or "--billing". */
export const colorOf = (name: string): string => `var(${name.startsWith("--") ? name : `--${name}`}, var(--ink-3))`;
