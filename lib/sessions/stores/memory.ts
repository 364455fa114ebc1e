import { applyTo, type ItemsBySegment } from "../apply.ts";
import { asStored } from "../canonical.ts";
import { SessionError } from "../errors.ts";
import type { Change, CommitResult, Range, SessionState, SessionStore, StoredItem } from "../store.ts";

interface Kept {
  state: SessionState;
  items: ItemsBySegment;
  operations: Map<string, string | undefined>;
}

/** Sessions that live as long as this object does. */
export class MemoryStore implements SessionStore {
  readonly #sessions = new Map<string, Kept>();
  #closed = false;

  async load(session: string): Promise<SessionState | undefined> {
    this.#refuseWhenClosed();
    return structuredClone(this.#sessions.get(session)?.state);
  }

  async read(session: string, ranges: readonly Range[]): Promise<StoredItem[]> {
    this.#refuseWhenClosed();
    const items = this.#sessions.get(session)?.items;
    return ranges.flatMap(({ segment, from, to }) => {
      const list = items?.get(segment) ?? [];
      const start = list[0]?.position ?? 0;
      return structuredClone(list.slice(Math.max(0, from - start), Math.max(0, to - start)));
    });
  }

  async commit(session: string, change: Change): Promise<CommitResult> {
    this.#refuseWhenClosed();
    const kept = this.#sessions.get(session);
    if (change.operation !== undefined && kept?.operations.has(change.operation)) {
      const digest = kept.operations.get(change.operation);
      return digest === undefined ? { status: "repeated" } : { status: "repeated", digest };
    }
    const own = asStored(change);
    const applied = applyTo({ state: kept?.state, items: kept?.items ?? new Map() }, session, own);
    if ("conflict" in applied) return { status: "conflict", reason: applied.conflict };
    const operations = kept?.operations ?? new Map();
    if (change.operation !== undefined) operations.set(change.operation, change.digest);
    this.#sessions.set(session, { ...applied, operations });
    return { status: "done" };
  }

  async remove(session: string): Promise<boolean> {
    this.#refuseWhenClosed();
    return this.#sessions.delete(session);
  }

  async *list({ inactiveBefore = Number.POSITIVE_INFINITY, prefix = "" } = {}): AsyncIterable<string> {
    this.#refuseWhenClosed();
    for (const [id, { state }] of [...this.#sessions]) {
      if (id.startsWith(prefix) && state.updatedAt < inactiveBefore) yield id;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  #refuseWhenClosed(): void {
    if (this.#closed) throw new SessionError("store_closed", "This store was closed. Open a new one.");
  }
}
