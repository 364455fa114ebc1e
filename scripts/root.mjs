import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder, wherever the command was called from. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Ends the process with one line that says what is wrong and what to do. */
export function stop(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
