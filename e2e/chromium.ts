import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Where the system's own browser is: Playwright wants a path, not a name. */
export function chromiumPath(): string {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const found = folders.map((folder) => join(folder, "chromium")).find(isExecutable);
  if (!found) throw new Error("There is no chromium on the PATH. On Debian: apt-get install chromium.");
  return found;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
