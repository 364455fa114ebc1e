// A backend of your own (JSON files, one process): as it passes `testSessionStore`, it has branches, encryption, everything.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as sessions from "../lib/sessions/index.ts";

type Items = [segment: string, sessions.StoredItem[]][];
type File = { state?: sessions.SessionState; items: Items; operations: Record<string, string | null> };

export class FolderStore implements sessions.SessionStore {
  #closed = false;
  readonly #folder: string;
  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }
  #file(session: string): string {
    if (this.#closed) throw new sessions.SessionError("store_closed", "This store was closed. Open a new one.");
    return join(this.#folder, `${encodeURIComponent(session)}.json`);
  }
  #open(session: string): File {
    if (!existsSync(this.#file(session))) return { items: [], operations: {} };
    return sessions.decode(readFileSync(this.#file(session), "utf8")) as File;
  }
  async load(session: string) {
    return this.#open(session).state;
  }
  async read(session: string, ranges: readonly sessions.Range[]) {
    const items = new Map(this.#open(session).items);
    return ranges.flatMap(({ segment, from, to }) =>
      (items.get(segment) ?? []).filter(({ position }) => position >= from && position < to),
    );
  }
  async commit(session: string, change: sessions.Change): Promise<sessions.CommitResult> {
    const { state, items, operations } = this.#open(session);
    const seen = operations[change.operation ?? ""];
    if (seen !== undefined) return seen === null ? { status: "repeated" } : { status: "repeated", digest: seen };
    const applied = sessions.applyTo({ state, items: new Map(items) }, session, change);
    if ("conflict" in applied) return { status: "conflict", reason: applied.conflict };
    if (change.operation) operations[change.operation] = change.digest ?? null;
    const path = this.#file(session);
    writeFileSync(`${path}.new`, sessions.encode({ state: applied.state, items: [...applied.items], operations }));
    renameSync(`${path}.new`, path);
    return { status: "done" };
  }
  async remove(session: string) {
    if (!existsSync(this.#file(session))) return false;
    rmSync(this.#file(session));
    return true;
  }
  async *list({ inactiveBefore = Infinity, prefix = "" }: { inactiveBefore?: number; prefix?: string } = {}) {
    for (const name of readdirSync(this.#folder)) {
      const id = decodeURIComponent(name.replace(/\.json$/, ""));
      if (id.startsWith(prefix) && (this.#open(id).state?.updatedAt ?? Infinity) < inactiveBefore) yield id;
    }
  }
  async close() {
    this.#closed = true;
  }
}
