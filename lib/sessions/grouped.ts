import { SessionError } from "./errors.ts";
import type { Append, Change, CommitResult, SessionStore } from "./store.ts";

type AppendChange = Change & { append: Append };

interface Waiting {
  change: AppendChange;
  done: (result: CommitResult) => void;
  failed: (error: unknown) => void;
}

/** Who waits while an append to the same branch is under way, by store and branch. */
const lines = new WeakMap<SessionStore, Map<string, Waiting[]>>();
const MOST_AT_ONCE = 100;

/**
 * Commits an append. Those that come while another one to the same branch is under way are
 * committed together, each with its items side by side: many writers cost little more than one.
 */
export async function commitGrouped(store: SessionStore, session: string, change: AppendChange): Promise<CommitResult> {
  const branches = lines.get(store) ?? new Map<string, Waiting[]>();
  lines.set(store, branches);
  const key = JSON.stringify([session, change.append.branch, change.expectCurrent]);
  const line = branches.get(key);
  if (line) return new Promise((done, failed) => line.push({ change, done, failed }));
  const waiting: Waiting[] = [];
  branches.set(key, waiting);
  try {
    return await store.commit(session, change);
  } finally {
    void serve(store, session, waiting, () => branches.delete(key));
  }
}

async function serve(store: SessionStore, session: string, waiting: Waiting[], leave: () => void): Promise<void> {
  while (waiting.length > 0) await commitTogether(store, session, waiting.splice(0, MOST_AT_ONCE));
  // At once, or somebody could still get into a line that nobody serves.
  leave();
}

async function commitTogether(store: SessionStore, session: string, group: Waiting[]): Promise<void> {
  try {
    const result = group.length > 1 ? await store.commit(session, merge(group)) : undefined;
    if (result?.status === "done") {
      for (const { done } of group) done({ status: "done", elsewhere: true });
      return;
    }
  } catch (error) {
    const isOneOfThem = error instanceof SessionError && error.code === "item_invalid";
    if (!isOneOfThem) {
      for (const { failed } of group) failed(error);
      return;
    }
  }
  for (const { change, done, failed } of group) await store.commit(session, change).then(done, failed);
}

function merge(group: readonly Waiting[]): Change {
  const [first] = group;
  const appends = group.map(({ change }) => change.append);
  const agent = appends.findLast((append) => append.agent !== undefined)?.agent;
  return {
    append: {
      branch: first?.change.append.branch ?? "",
      items: appends.flatMap(({ items }) => items),
      ...(agent === undefined ? {} : { agent }),
    },
    ...(first?.change.expectCurrent === undefined ? {} : { expectCurrent: first.change.expectCurrent }),
    at: Math.max(...group.map(({ change }) => change.at)),
  };
}
