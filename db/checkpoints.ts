import { stat } from "node:fs/promises";
import Database from "libsql/promise";
import { databaseFile } from "./client.ts";

/** How often is looked whether something was written, in milliseconds. */
const lookEvery = 500;

/**
 * Brings what was written from the log of a file (`-wal`) to its place, outside the event loop and on a connection of
 * its own. Else a commit that finds the log long does it, and holds the whole process up meanwhile (45 ms for 16 MB).
 * `failed` is told of the first failure of several. Returns how to end it.
 */
export function keepCheckpointing(failed: (error: unknown) => void): () => void {
  const file = databaseFile();
  if (file === undefined) return () => {};
  let connection: Database | undefined;
  let done: number | undefined;
  let working = false;
  let silent = false;

  const look = async (): Promise<void> => {
    if (working) return;
    working = true;
    try {
      const written = await lastWritten(`${file}-wal`);
      if (written === done) return;
      connection ??= new Database(file, {});
      await connection.exec("PRAGMA wal_checkpoint(PASSIVE)");
      done = written;
      silent = false;
    } catch (error) {
      if (!silent) failed(error);
      silent = true;
    } finally {
      working = false;
    }
  };

  const timer = setInterval(() => void look(), lookEvery);
  timer.unref();
  return () => clearInterval(timer);
}

/** When the log was written to last (ms); undefined while there is none. */
async function lastWritten(log: string): Promise<number | undefined> {
  try {
    return (await stat(log)).mtimeMs;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
