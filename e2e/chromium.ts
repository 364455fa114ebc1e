import { browsers, findProgram } from "../scripts/system.ts";

/** Where the system's own browser is: Playwright wants a path, not a name. */
export function chromiumPath(): string {
  const found = findProgram(browsers);
  if (!found) throw new Error("There is no chromium on the PATH. On Debian: apt-get install chromium.");
  return found;
}
