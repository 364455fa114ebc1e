import type { AgentInputItem } from "@openai/agents";
import { textOf } from "#lib/runs/parts.ts";
import type { SessionDocument } from "#lib/sessions/document.ts";
import { titleOfFirst, untitled } from "#lib/titles.ts";
import type { ForeignConversation, ForeignMessage } from "./tree.ts";

/** The tree of a session document: what a foreign conversation is when all its links hold. */
export type Straight = Pick<SessionDocument, "head" | "branches" | "messages"> & {
  /** Messages that a person sees, hidden ones and mere links not counted. */
  shown: number;
};

interface Linked {
  source: ForeignMessage;
  parent: Linked | null;
  /** The document's message that its children follow: its own last, or that of what comes before. */
  tail: string | null;
  /** The document's message that its own first item follows. */
  before: string | null;
  createdAt: number;
}

const mostBranches = 1000;

/**
 * Makes a tree of messages whose links may be broken in any way: doubled ids, parents that are
 * missing or in a circle, several roots, links without content. Nothing that has content is lost,
 * and no step goes deeper into the stack however long a chain is.
 */
export function straighten(conversation: ForeignConversation, now: number): Straight {
  const linked = link(conversation);
  breakCircles(linked, conversation);
  const ordered = parentsFirst(linked);
  const begun = conversation.createdAt ?? conversation.updatedAt ?? now;
  let count = 0;
  const ids = new Map<Linked, string[]>();
  for (const one of ordered) {
    one.before = one.parent?.tail ?? null;
    one.createdAt = one.source.createdAt ?? one.parent?.createdAt ?? begun;
    const own = one.source.items.map(() => {
      count += 1;
      return `m${count}`;
    });
    ids.set(one, own);
    one.tail = own.at(-1) ?? one.before;
  }
  const leaves = leavesOf(ordered);
  const current = currentLeaf(conversation, linked, ordered, leaves);
  const kept = keep(leaves, current, conversation);
  const needed = kept.length < leaves.length ? lineageOf(kept) : undefined;
  const messages = ordered.flatMap((one) => (needed && !needed.has(one) ? [] : messagesOf(one, ids.get(one) ?? [])));
  const branches = nameBranches(kept, current);
  return { head: current?.tail ?? null, branches, messages, shown: ordered.filter(isShown).length };
}

const isShown = ({ source }: Linked) => source.items.some((item) => !("role" in item && item.role === "system"));

function link({ messages, notes }: ForeignConversation): Linked[] {
  const byId = new Map<string, Linked>();
  const linked: Linked[] = [];
  for (const source of messages) {
    const one: Linked = { source, parent: null, tail: null, before: null, createdAt: 0 };
    linked.push(one);
    if (byId.has(source.id)) notes.add("Two messages have the same id; both came in.");
    else byId.set(source.id, one);
  }
  const roots = linked.filter(({ source }) => source.parent === null || source.parent === source.id).length;
  for (const one of linked) {
    const { id, parent } = one.source;
    if (parent === null || parent === id) continue;
    one.parent = byId.get(parent) ?? null;
    // Products name a root that they do not write; only more than one beginning of this kind is news.
    if (!one.parent && roots > 0)
      notes.add("A message follows one that is not in the file; it begins a branch of its own.");
  }
  return linked;
}

/** Cuts each circle of parents at one place. */
function breakCircles(linked: readonly Linked[], { notes }: ForeignConversation): void {
  const done = new Set<Linked>();
  for (const start of linked) {
    const path = new Set<Linked>();
    for (let one: Linked | null = start; one && !done.has(one); one = one.parent) {
      path.add(one);
      if (one.parent && path.has(one.parent)) {
        notes.add("Messages follow each other in a circle; it was cut.");
        one.parent.parent = null;
      }
    }
    for (const one of path) done.add(one);
  }
}

function parentsFirst(linked: readonly Linked[]): Linked[] {
  const children = childrenOf(linked);
  const ordered: Linked[] = [];
  const waiting = linked.filter(({ parent }) => parent === null).reverse();
  for (let one = waiting.pop(); one; one = waiting.pop()) {
    ordered.push(one);
    const own = children.get(one) ?? [];
    for (let index = own.length - 1; index >= 0; index--) waiting.push(own[index] as Linked);
  }
  return ordered;
}

function childrenOf(linked: readonly Linked[]): Map<Linked, Linked[]> {
  const children = new Map<Linked, Linked[]>();
  for (const one of linked) {
    if (!one.parent) continue;
    const siblings = children.get(one.parent);
    if (siblings) siblings.push(one);
    else children.set(one.parent, [one]);
  }
  return children;
}

/** The ends of all paths that have content, in order; of links that end at the same message only the first. */
function leavesOf(ordered: readonly Linked[]): Linked[] {
  const followed = new Set(
    ordered.flatMap(({ before, source }) => (source.items.length > 0 && before ? [before] : [])),
  );
  const seen = new Set<string>();
  return ordered.filter(({ tail }) => {
    if (tail === null || followed.has(tail) || seen.has(tail)) return false;
    seen.add(tail);
    return true;
  });
}

/** The leaf that the source shows: its own, the last one below it, or the newest where it says nothing. */
function currentLeaf(
  { current, notes }: ForeignConversation,
  linked: readonly Linked[],
  ordered: readonly Linked[],
  leaves: readonly Linked[],
): Linked | undefined {
  const named = current === undefined ? undefined : linked.find(({ source }) => source.id === current);
  if (current !== undefined && !named) notes.add("The message shown last is not in the file; the newest one is shown.");
  const below = named && lastBelow(named, ordered);
  const byTail = new Map(leaves.map((leaf) => [leaf.tail, leaf]));
  const found = below && byTail.get(below.tail);
  return found ?? newest(leaves);
}

function lastBelow(named: Linked, ordered: readonly Linked[]): Linked {
  const inside = new Set([named]);
  let last = named;
  for (const one of ordered) {
    if (!one.parent || !inside.has(one.parent)) continue;
    inside.add(one);
    last = one;
  }
  return last;
}

function newest(leaves: readonly Linked[]): Linked | undefined {
  let last: Linked | undefined;
  for (const leaf of leaves) if (!last || leaf.createdAt >= last.createdAt) last = leaf;
  return last;
}

function keep(leaves: readonly Linked[], current: Linked | undefined, { notes }: ForeignConversation): Linked[] {
  if (leaves.length <= mostBranches) return [...leaves];
  notes.add(`It has ${leaves.length} versions; the newest ${mostBranches} come in.`);
  const byAge = leaves.toSorted((left, right) => right.createdAt - left.createdAt);
  const kept = new Set([...new Set([...(current ? [current] : []), ...byAge])].slice(0, mostBranches));
  return leaves.filter((leaf) => kept.has(leaf));
}

function lineageOf(leaves: readonly Linked[]): Set<Linked> {
  const needed = new Set<Linked>();
  for (const leaf of leaves)
    for (let one: Linked | null = leaf; one && !needed.has(one); one = one.parent) needed.add(one);
  return needed;
}

function messagesOf({ source, before, createdAt }: Linked, ids: readonly string[]): SessionDocument["messages"] {
  const { items, model } = source;
  return items.map((item, index) => ({
    id: ids[index] ?? "",
    parent_id: index === 0 ? before : (ids[index - 1] ?? null),
    agent: null,
    created_at: new Date(createdAt).toISOString(),
    ...(model ? { model } : {}),
    item,
  }));
}

function nameBranches(leaves: readonly Linked[], current: Linked | undefined): SessionDocument["branches"] {
  const counts = new Map<string, number>();
  const taken = new Set(["main"]);
  return leaves.map((leaf) => {
    const isCurrent = leaf === current;
    return {
      name: isCurrent ? "main" : freeName(firstWords(leaf), taken, counts),
      head: leaf.tail,
      current: isCurrent,
      agent: null,
      created_at: new Date(leaf.createdAt).toISOString(),
      updated_at: new Date(leaf.createdAt).toISOString(),
    };
  });
}

function freeName(base: string, taken: Set<string>, counts: Map<string, number>): string {
  let name = base;
  for (let number = (counts.get(base) ?? 1) + 1; taken.has(name); number++) {
    name = `${base} ${number}`;
    counts.set(base, number);
  }
  taken.add(name);
  return name;
}

/** What the last words of a person on the way to a leaf say, as a name. */
function firstWords(leaf: Linked): string {
  for (let one: Linked | null = leaf, steps = 0; one && steps < 20; one = one.parent, steps++) {
    const asked = one.source.items.find((item: AgentInputItem) => "role" in item && item.role === "user");
    const title = asked ? titleOfFirst(textOf(asked)) : untitled;
    if (title !== untitled) return title;
  }
  return "Version";
}
