import { createWriteStream } from "node:fs";
import { open } from "node:fs/promises";
import { finished } from "node:stream/promises";
import type { User } from "#lib/access.ts";
import type { ImportEntry } from "./import/import.ts";
import { type EntryList, entriesPath } from "./uploads.ts";

/** What became of each conversation of a file, kept beside the file and read page by page. */

export interface EntryPage {
  entries: ImportEntry[];
  /** Where the next page begins, or null at the end. */
  next: number | null;
}

const atOnce = 50;
const pageBytes = 1024 * 1024;

/** A list of entries from a place that an earlier page named, or from its beginning. */
export async function readEntries(
  user: User,
  id: string,
  { dryRun, list, from }: { dryRun: boolean; list: EntryList; from: number },
): Promise<EntryPage> {
  const file = await open(entriesPath(user, id, dryRun, list)).catch(absent);
  if (!file) return { entries: [], next: null };
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(pageBytes), 0, pageBytes, from);
    const entries: ImportEntry[] = [];
    let at = 0;
    for (let end = buffer.indexOf(10); end >= 0 && end < bytesRead && entries.length < atOnce; ) {
      // Written by `writeEntries` below.
      entries.push(JSON.parse(buffer.toString("utf8", at, end)) as ImportEntry);
      at = end + 1;
      end = buffer.indexOf(10, at);
    }
    const { size } = await file.stat();
    return { entries, next: at > 0 && from + at < size ? from + at : null };
  } finally {
    await file.close();
  }
}

/** Writes down each entry as it comes, and hands it on. */
export async function* writeEntries(
  user: User,
  id: string,
  dryRun: boolean,
  entries: AsyncIterable<ImportEntry>,
): AsyncGenerator<ImportEntry> {
  const lists = {
    plain: createWriteStream(entriesPath(user, id, dryRun, "plain"), { mode: 0o600 }),
    noted: createWriteStream(entriesPath(user, id, dryRun, "noted"), { mode: 0o600 }),
  };
  try {
    for await (const entry of entries) {
      lists[isNoted(entry) ? "noted" : "plain"].write(`${JSON.stringify(entry)}\n`);
      yield entry;
    }
  } finally {
    for (const list of Object.values(lists)) {
      list.end();
      await finished(list);
    }
  }
}

const isNoted = ({ status, notes }: ImportEntry) => status === "refused" || status === "remark" || notes.length > 0;

function absent(error: unknown): undefined {
  if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
}
