import type { Namespace, Owned, User } from "#lib/access.ts";
import { record } from "#lib/audit.ts";
import { AppError } from "#lib/errors.ts";
import { failureOf } from "#lib/guard.ts";
import { listNamespaces } from "#lib/namespaces.ts";
import { outsideRequests } from "#lib/outside.ts";
import { writeEntries } from "./entries.ts";
import { importFile } from "./import/import.ts";
import {
  discardFile,
  discardUpload,
  type ImportState,
  listStates,
  loadState,
  noCounts,
  receiveUpload,
  saveState,
  uploadPath,
} from "./uploads.ts";

/** Imports as they go on in this process, whether anybody looks or not. */

interface Job {
  state: ImportState;
  stop: boolean;
  done: Promise<unknown>;
}

// Actions and route handlers live in separate bundles of one process: they share through globalThis.
const shared = globalThis as typeof globalThis & { switchboardImports?: Map<string, Job> };

function jobs(): Map<string, Job> {
  shared.switchboardImports ??= new Map();
  return shared.switchboardImports;
}

/** An import as a person sees it. */
export type ShownImport = Omit<ImportState, "phase"> & {
  /** "stalled" is what was under way when the server stopped: it can go on. */
  phase: ImportState["phase"] | "stalled";
};

/** Keeps a file and begins to look through it. Answers the id of the import. */
export async function beginImport(user: User, name: string, body: ReadableStream<Uint8Array>): Promise<string> {
  const state = await receiveUpload(user, name, body, Date.now());
  launch(user, state, undefined);
  return state.id;
}

/** Looks through the file again, after the server stopped in the middle or something failed. */
export async function examineAgain(user: User, id: string): Promise<void> {
  const state = await settled(user, id);
  if (state.phase === "stalled" || state.phase === "failed") launch(user, state, undefined);
}

/**
 * Brings in what the file holds, into a namespace unless its conversations say where they belong.
 * Asked a second time, it changes nothing.
 */
export async function performImport(user: User, id: string, namespace: Owned<Namespace>): Promise<void> {
  const state = await settled(user, id);
  if (state.phase === "reading") {
    throw new AppError("conflict", "The file is still being looked through. Wait a moment.");
  }
  if (state.phase !== "importing" && state.phase !== "done") launch(user, state, namespace);
}

/** An import that is either under way or wholly at rest: what has ended is written down as well. */
async function settled(user: User, id: string): Promise<ShownImport> {
  const state = await showImport(user, id);
  if (state.phase !== "reading" && state.phase !== "importing") await jobs().get(id)?.done;
  return state;
}

/** Stops an import and forgets its file. What has come in stays. */
export async function discardImport(user: User, id: string): Promise<void> {
  await loadState(user, id);
  const job = jobs().get(id);
  if (job) {
    job.stop = true;
    await job.done;
  }
  await discardUpload(user, id);
}

export async function showImport(user: User, id: string): Promise<ShownImport> {
  const live = new Map(jobs());
  return shownAs(await loadState(user, id), live);
}

/** The person's imports, the newest first. */
export async function listImports(user: User): Promise<ShownImport[]> {
  const live = new Map(jobs());
  return (await listStates(user)).map((state) => shownAs(state, live));
}

/** What is kept may be older than what is known here, of a job that ended while it was read too: `live` is from before. */
function shownAs(kept: ImportState, live: ReadonlyMap<string, Job>): ShownImport {
  const job = jobs().get(kept.id) ?? live.get(kept.id);
  const state = job?.state ?? kept;
  const underWay = state.phase === "reading" || state.phase === "importing";
  return { ...state, counts: { ...state.counts }, phase: underWay && !job ? "stalled" : state.phase };
}

function launch(user: User, before: ShownImport | ImportState, namespace: Owned<Namespace> | undefined): void {
  if (jobs().has(before.id)) return;
  const phase = namespace ? "importing" : "reading";
  const state: ImportState = {
    ...before,
    phase,
    written: namespace !== undefined,
    read: 0,
    counts: { ...noCounts },
    error: null,
  };
  const job: Job = { state, stop: false, done: Promise.resolve() };
  jobs().set(state.id, job);
  job.done = outsideRequests(() => work(user, job, namespace)).finally(
    () => jobs().get(state.id) === job && jobs().delete(state.id),
  );
}

async function work(user: User, job: Job, namespace: Owned<Namespace> | undefined): Promise<void> {
  const { state } = job;
  try {
    await saveState(user, state);
    await readThrough(user, job, namespace);
    if (job.stop) return;
    state.phase = namespace ? "done" : "ready";
    if (namespace) {
      await discardFile(user, state.id);
      await record({ userId: user.id, action: "data.import", target: state.name, details: state.counts });
    }
  } catch (error) {
    state.phase = "failed";
    state.error = failureOf(error).message;
  }
  await saveState(user, state).catch((error) => failureOf(error));
}

async function readThrough(user: User, job: Job, namespace: Owned<Namespace> | undefined): Promise<void> {
  const { state } = job;
  const dryRun = namespace === undefined;
  const entries = importFile({
    user,
    path: uploadPath(user, state.id),
    name: state.name,
    namespace: namespace?.type ?? "",
    namespaces: (await listNamespaces(user)).map(({ type }) => type),
    dryRun,
    now: Date.now(),
    onProgress(read, total) {
      state.read = read;
      state.total = total;
    },
  });
  for await (const { status } of writeEntries(user, state.id, dryRun, entries)) {
    state.counts[status] += 1;
    if (job.stop) break;
  }
}
