import { setImmediate } from "node:timers/promises";
import type { User } from "#lib/access.ts";
import { AppError } from "#lib/errors.ts";
import { log } from "#lib/log.ts";
import { SessionError } from "#lib/sessions/errors.ts";
import { fieldsOf } from "../lenient.ts";
import { encodingOf, inUtf8 } from "./encoding.ts";
import { BrokenJsonError, readJsonValues } from "./json-values.ts";
import { openSource } from "./open.ts";
import { placePictures } from "./pictures.ts";
import { importedId, type Prepared, prepare, type Refused } from "./prepare.ts";
import type { Source, SourceFile } from "./source.ts";
import type { SourceKind } from "./tree.ts";
import { type Known, knownImports, restoreImported, sourceKey, titleOf, writeImported } from "./write.ts";

/** What became, or would become, of one conversation of a file. */
export interface ImportEntry {
  /** "new" and "binned" are what a dry run says, "imported" and "restored" what has been done; a "remark" is about a file. */
  status: "new" | "binned" | "imported" | "restored" | "present" | "refused" | "remark";
  kind: SourceKind | null;
  title: string;
  /** Where it is now, unless it was refused. */
  id: string | null;
  messages: number;
  branches: number;
  /** Why it was refused. */
  reason: string | null;
  /** What came in otherwise than it was, or did not come in with it. */
  notes: string[];
}

export interface ImportWish {
  user: User;
  path: string;
  /** What the person calls the file. */
  name: string;
  /** Where conversations go that do not say where they belong, or say something that is not there. */
  namespace: string;
  /** The types of the person's namespaces. */
  namespaces: readonly string[];
  dryRun: boolean;
  now: number;
  onProgress?: (read: number, total: number) => void;
}

/**
 * Reads a file and writes its conversations, one after the other, or only says what would be
 * written. Nothing is written twice, so that the same file can be imported again, and goes on
 * where it stopped. Throws `invalid` when the file as a whole can't be read.
 */
export async function* importFile(wish: ImportWish): AsyncGenerator<ImportEntry> {
  const source = await openSource(wish.path, wish.name);
  try {
    if (source.files.length === 0) {
      throw new AppError("invalid", `There is no JSON file in ${wish.name}. Choose the export of a chat product.`);
    }
    const total = source.files.reduce((sum, { size }) => sum + size, 0);
    const known = await knownImports(wish.user);
    let before = 0;
    for (const file of source.files) {
      yield* readFile(file, source, wish, known, (read) => wish.onProgress?.(before + read, total));
      before += file.size;
    }
    if (source.leftOut.length > 0) yield leftOut(source.leftOut);
  } finally {
    source.close();
  }
}

async function* readFile(
  file: SourceFile,
  source: Source,
  wish: ImportWish,
  known: Known,
  onRead: (bytes: number) => void,
): AsyncGenerator<ImportEntry> {
  const encoding = await encodingOf(file);
  if (encoding === "windows-1252") {
    const reason = "It is not in UTF-8. It was read as a text from Windows; some letters may be wrong.";
    yield { ...refused(file.name, reason), status: "remark" };
  }
  const chunks = counted(inUtf8(file.open(), encoding), onRead);
  try {
    for await (const read of readJsonValues(chunks)) {
      if ("oversize" in read) {
        const size = Math.max(1, Math.round(read.oversize / 1024 ** 2));
        yield refused(file.name, `It holds a conversation of ${size} MB, which is too large to be read.`);
      } else if ("frame" in read) {
        yield* besides(file.name, read.frame);
      } else {
        yield await take(prepareSafely(read.value, read.within, wish.now), source, wish, known);
      }
      await setImmediate();
    }
  } catch (error) {
    if (!(error instanceof BrokenJsonError)) throw error;
    yield refused(file.name, error.message);
  }
}

async function* counted(chunks: AsyncIterable<Uint8Array>, onRead: (bytes: number) => void) {
  let read = 0;
  for await (const chunk of chunks) {
    yield chunk;
    read += chunk.length;
    onRead(read);
  }
}

/** A conversation of a shape that nobody foresaw must not keep the others out. */
function prepareSafely(value: unknown, within: string | undefined, now: number): Prepared | Refused {
  try {
    return prepare(value, within, now);
  } catch (error) {
    if (error instanceof SessionError) return { kind: undefined, title: undefined, reason: error.message };
    if (error instanceof RangeError) {
      return { kind: undefined, title: undefined, reason: "It is nested too deeply to be read." };
    }
    log().warn({ err: error }, "a conversation of an imported file could not be read");
    return { kind: undefined, title: undefined, reason: "It could not be read: its shape is not known." };
  }
}

async function take(
  prepared: Prepared | Refused,
  { pictures }: Source,
  wish: ImportWish,
  known: Known,
): Promise<ImportEntry> {
  if ("reason" in prepared) {
    return { ...refused(prepared.title ?? "", prepared.reason), kind: prepared.kind ?? null };
  }
  const { user, now, dryRun } = wish;
  const id = importedId(user.id, prepared);
  const { kind, messages, branches, notes } = prepared;
  const entry = { kind, title: titleOf(prepared), id, messages, branches, reason: null };
  const binned = known.binned.get(id);
  if (binned === false) return { ...entry, status: "present", notes: [] };
  if (binned) {
    if (!dryRun) await restoreImported(user, id);
    known.binned.set(id, false);
    return { ...entry, status: dryRun ? "binned" : "restored", notes: [] };
  }
  if (prepared.source !== "" && known.sources.has(sourceKey(prepared))) {
    notes.add("Another version of it was imported before; this one comes in beside it.");
  }
  const items = await placePictures(prepared.change.items ?? [], pictures, notes, dryRun);
  const change = { ...prepared.change, items };
  const wrote = dryRun || (await writeImported(user, namespaceFor(prepared, wish), { ...prepared, change }, now));
  known.binned.set(id, false);
  known.sources.add(sourceKey(prepared));
  const status = !wrote ? "present" : dryRun ? "new" : "imported";
  return { ...entry, status, notes: notes.list() };
}

function namespaceFor({ namespace }: Prepared, wish: ImportWish): string {
  return namespace !== undefined && wish.namespaces.includes(namespace) ? namespace : wish.namespace;
}

function refused(title: string, reason: string): ImportEntry {
  return { status: "refused", kind: null, title, id: null, messages: 0, branches: 0, reason, notes: [] };
}

/** What an export holds beside its conversations. */
function* besides(name: string, frame: unknown): Generator<ImportEntry> {
  const lost = Object.entries(fieldsOf(frame)).flatMap(([key, value]) =>
    Array.isArray(value) && value.length > 0 ? [`${value.length} ${key.slice(0, 40)}`] : [],
  );
  if (lost.length === 0) return;
  yield { ...refused(name, `Only conversations come in. Not kept: ${lost.join(", ")}.`), status: "remark" };
}

const shownFiles = 5;

function leftOut(names: readonly string[]): ImportEntry {
  const shown = names.slice(0, shownFiles).map((name) => name.slice(0, 100));
  const more = names.length > shownFiles ? ` and ${names.length - shownFiles} more` : "";
  const what = names.length === 1 ? "One file in the ZIP holds" : `${names.length} files in the ZIP hold`;
  const reason = `${what} no conversations: ${shown.join(", ")}${more}.`;
  return { ...refused("Other files", reason), status: "remark" };
}
