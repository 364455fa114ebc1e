import { createWriteStream } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ulid } from "ulid";
import { z } from "zod";
import { env } from "#env.ts";
import type { User } from "#lib/access.ts";
import { AppError, notFound } from "#lib/errors.ts";
import { streamOf } from "./pieces.ts";

/**
 * Where uploaded files wait: a folder for each person, in it one for each import with the file and
 * what is known of it. The person's own folder is the only way to an import.
 */

const counts = z.object({
  new: z.number(),
  binned: z.number(),
  imported: z.number(),
  restored: z.number(),
  present: z.number(),
  refused: z.number(),
  remark: z.number(),
});

const stored = z.object({
  id: z.string(),
  name: z.string(),
  size: z.number(),
  /** "reading" and "importing" are under way, or were when the server stopped. */
  phase: z.enum(["reading", "ready", "importing", "done", "failed"]),
  /** Whether the counts and lists tell of the import, not of the dry run. */
  written: z.boolean(),
  /** How far it is, in bytes. */
  read: z.number(),
  total: z.number(),
  /** What the dry run found, or what the import has done so far. */
  counts,
  /** Why it failed. */
  error: z.string().nullable(),
  createdAt: z.number(),
});

export type ImportState = z.output<typeof stored>;

export const noCounts: ImportState["counts"] = {
  new: 0,
  binned: 0,
  imported: 0,
  restored: 0,
  present: 0,
  refused: 0,
  remark: 0,
};

export const largestUpload = 4 * 1024 ** 3;
const mostUploads = 5;
const kept = 7 * 24 * 60 * 60_000;
const day = 24 * 60 * 60_000;

const folderOf = (user: User) => join(env.DATA_DIR, "imports", plainName(user.id));

/** A name that is only a name, whatever asks for it. */
function plainName(id: string): string {
  if (!/^[\w-]{1,64}$/.test(id)) throw notFound("import");
  return id;
}

const inFolder = (user: User, id: string, file: string) => join(folderOf(user), plainName(id), file);
export const uploadPath = (user: User, id: string) => inFolder(user, id, "file");

/** What is told of each conversation, in two lists: what goes without saying, and what a person should look at. */
export type EntryList = "plain" | "noted";
export const entriesPath = (user: User, id: string, dryRun: boolean, list: EntryList) =>
  inFolder(user, id, `${dryRun ? "found" : "done"}-${list}.ndjson`);

/** Keeps a file that a person sends. Throws `invalid` when it is empty or too large. */
export async function receiveUpload(
  user: User,
  name: string,
  body: ReadableStream<Uint8Array>,
  now: number,
): Promise<ImportState> {
  await forgetOld(user, now);
  const id = ulid(now);
  await mkdir(join(folderOf(user), id), { recursive: true, mode: 0o700 });
  let size = 0;
  const measured = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      done(size > largestUpload ? tooLarge() : null, chunk);
    },
  });
  try {
    await pipeline(streamOf(body), measured, createWriteStream(uploadPath(user, id), { mode: 0o600 }));
    if (size === 0) throw new AppError("invalid", "The file is empty. Choose the export of a chat product.");
  } catch (error) {
    await discardUpload(user, id);
    throw noSpace(error) ?? brokenOff(error) ?? error;
  }
  const state: ImportState = {
    id,
    name,
    size,
    phase: "reading",
    written: false,
    read: 0,
    total: size,
    counts: noCounts,
    error: null,
    createdAt: now,
  };
  await saveState(user, state);
  return state;
}

export const tooLarge = () =>
  new AppError("invalid", "The file is larger than 4 GB. Split it, or import it with npm run import on the server.");

function noSpace(error: unknown): AppError | undefined {
  if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) return undefined;
  return new AppError("unavailable", "The server has no space left for this file. Tell its operator.", {
    cause: error,
  });
}

/** The sender went away, or stopped it. */
function brokenOff(error: unknown): AppError | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = "code" in error ? error.code : undefined;
  const gone = error.name === "AbortError" || code === "ECONNRESET" || code === "ERR_STREAM_PREMATURE_CLOSE";
  return gone
    ? new AppError("invalid", "The file did not arrive whole. Choose it again.", { cause: error })
    : undefined;
}

/** Replaced as a whole: whoever reads it sees the state before or after. */
export async function saveState(user: User, state: ImportState): Promise<void> {
  const path = inFolder(user, state.id, "state.json");
  await writeFile(`${path}.new`, JSON.stringify(state), { mode: 0o600 });
  await rename(`${path}.new`, path);
}

/** Throws `not_found`. */
export async function loadState(user: User, id: string): Promise<ImportState> {
  const text = await readFile(inFolder(user, id, "state.json"), "utf8").catch(absent);
  if (text === undefined) throw notFound("import");
  return stored.parse(JSON.parse(text));
}

/** The person's imports, the newest first. */
export async function listStates(user: User): Promise<ImportState[]> {
  const ids = (await readdir(folderOf(user)).catch(absent)) ?? [];
  const states: ImportState[] = [];
  for (const id of ids) {
    const state = await loadState(user, id).catch(unlessGone);
    if (state) states.push(state);
  }
  return states.sort((left, right) => right.createdAt - left.createdAt);
}

export async function discardUpload(user: User, id: string): Promise<void> {
  await rm(join(folderOf(user), plainName(id)), { recursive: true, force: true });
}

/** Lets go of all that the person has sent, with what is known of it. */
export async function discardUploads(user: User): Promise<void> {
  await rm(folderOf(user), { recursive: true, force: true });
}

/** Lets the file go once it is in; what became of its conversations stays to be read. */
export async function discardFile(user: User, id: string): Promise<void> {
  await rm(uploadPath(user, id), { force: true });
}

async function forgetOld(user: User, now: number): Promise<void> {
  const states = await listStates(user);
  const old = states.filter(({ createdAt, phase }, place) => {
    const idle = phase !== "reading" && phase !== "importing";
    return now - createdAt > kept || (idle && place >= mostUploads - 1);
  });
  for (const { id } of old) await discardUpload(user, id);
  const known = new Set(states.map(({ id }) => id));
  for (const id of (await readdir(folderOf(user)).catch(absent)) ?? []) {
    if (!known.has(id) && isOlderThanDay(id, now)) await discardUpload(user, id);
  }
}

/** Without a state it is an upload under way, or what is left of one. */
function isOlderThanDay(id: string, now: number): boolean {
  return id < ulid(now - day).slice(0, 10);
}

function absent(error: unknown): undefined {
  if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
}

function unlessGone(error: unknown): undefined {
  if (!(error instanceof AppError && error.code === "not_found")) throw error;
}
