import { encode } from "#lib/sessions/codec.ts";
import { findBranch, reachable } from "#lib/sessions/segments.ts";
import type { SessionState, SessionStore, StoredItem } from "#lib/sessions/store.ts";
import { readPages } from "./pages.ts";

/** A run as a document tells of it: how an answer came about. */
export interface DocumentRun {
  id: string;
  branch: string | null;
  status: string;
  agent: string;
  model: string | null;
  position: number;
  usage: unknown;
  error: unknown;
  created_at: string;
  finished_at: string | null;
}

/** What stands in a document besides the history. */
export interface DocumentFrame {
  title: string;
  namespace: string;
  agent: string | null;
  metadata: Record<string, unknown>;
  exportedAt: number;
}

/**
 * Writes a session as the `switchboard.conversation` document, piece by piece: parents first, each
 * item once. What no branch reaches stays out.
 */
export async function* documentPieces(
  store: Pick<SessionStore, "read">,
  state: SessionState,
  frame: DocumentFrame,
  runs: AsyncIterable<DocumentRun> | Iterable<DocumentRun>,
): AsyncGenerator<string> {
  const ids = messageIds(state);
  const current = findBranch(state);
  const head = {
    format: "switchboard.conversation",
    version: 1,
    conversation_id: state.id,
    exported_at: iso(frame.exportedAt),
    title: frame.title,
    namespace: frame.namespace,
    agent: frame.agent,
    metadata: frame.metadata,
    created_at: iso(state.createdAt),
    updated_at: iso(state.updatedAt),
    head: ids.at(current.segment, current.length - 1),
    branches: state.branches.map((branch) => ({
      name: branch.name,
      head: ids.at(branch.segment, branch.length - 1),
      current: branch.id === state.current,
      agent: branch.agent,
      created_at: iso(branch.createdAt),
      updated_at: iso(branch.updatedAt),
    })),
  };
  yield `${JSON.stringify(head).slice(0, -1)},\n"messages":[`;
  yield* list(messages(store, state, ids));
  yield '\n],\n"summaries":[';
  yield* list(
    state.summaries
      .filter(({ segment, position }) => position <= (ids.reach.get(segment) ?? -1))
      .map(({ segment, position, items, createdAt }) =>
        encode({ up_to: ids.at(segment, position - 1), items, created_at: iso(createdAt) }),
      ),
  );
  yield '\n],\n"runs":[';
  yield* list(runs, (run) => JSON.stringify(run));
  yield "\n]}\n";
}

async function* list<T>(
  entries: AsyncIterable<T> | Iterable<T>,
  textOf: (entry: T) => string = String,
): AsyncGenerator<string> {
  let before = "\n";
  for await (const entry of entries) {
    yield before + textOf(entry);
    before = ",\n";
  }
}

async function* messages(
  store: Pick<SessionStore, "read">,
  state: SessionState,
  ids: MessageIds,
): AsyncGenerator<string> {
  for (const { id, fork } of state.segments) {
    const to = ids.reach.get(id);
    if (to === undefined || to <= fork) continue;
    for await (const page of readPages(store, state.id, [{ segment: id, from: fork, to }])) {
      for (const stored of page) yield messageOf(stored, ids);
    }
  }
}

function messageOf(stored: StoredItem, ids: MessageIds): string {
  const { segment, position, item, agent, run, createdAt, model, usage } = stored;
  return encode({
    id: ids.at(segment, position),
    parent_id: ids.at(segment, position - 1),
    agent,
    created_at: iso(createdAt),
    ...(run === null ? {} : { run }),
    ...(model ? { model } : {}),
    ...(usage ? { usage } : {}),
    item,
  });
}

interface MessageIds {
  /** The id of the message at this place of a segment's history, or null before the first. */
  at(segment: string, position: number): string | null;
  reach: Map<string, number>;
}

/** Numbers the messages in the order in which they are written, so that a head is known before its message is read. */
function messageIds(state: SessionState): MessageIds {
  const reach = reachable(state);
  const segments = new Map(state.segments.map((segment) => [segment.id, segment]));
  const first = new Map<string, number>();
  let count = 0;
  for (const { id, fork } of state.segments) {
    first.set(id, count - fork + 1);
    count += Math.max(0, (reach.get(id) ?? fork) - fork);
  }
  return {
    reach,
    at(segment, position) {
      let owner = segments.get(segment);
      while (owner && position < owner.fork) owner = segments.get(owner.parent ?? "");
      return owner && position >= 0 ? `m${(first.get(owner.id) ?? 0) + position}` : null;
    },
  };
}

const iso = (at: number) => new Date(at).toISOString();
