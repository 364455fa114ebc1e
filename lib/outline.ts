import type { Conversation, Owned } from "./access.ts";
import { agentIdOf } from "./agents/answering.ts";
import { stateOf } from "./branch-state.ts";
import { history } from "./history.ts";
import { type Fold, foldPoints, type Point, parentIn } from "./outline-tree.ts";
import { textOf } from "./runs/parts.ts";
import { documentRanges } from "./sessions/document.ts";
import { lineage } from "./sessions/segments.ts";
import type { SessionState, StoredItem } from "./sessions/store.ts";
import { readPages } from "./transfer/pages.ts";

export interface Outline {
  nodes: Fold[];
  branches: number;
  /** Where the current branch ends. */
  end: string | null;
}

/** The whole tree of a conversation, message by message, where long stretches without a parting are drawn together. */
export async function outlineOf(conversation: Owned<Conversation>): Promise<Outline> {
  const state = await stateOf(conversation);
  const starts = new Map<string, Point[]>();
  const branchAt = branchFinder(state);
  let before: StoredItem | undefined;
  for await (const page of readPages(history(), state.id, documentRanges(state))) {
    for (const stored of page) {
      if (isSystem(stored)) continue;
      const points = starts.get(stored.segment) ?? [];
      starts.set(stored.segment, points);
      const last = points.at(-1);
      if (last && before && joins(before, stored)) last.text ||= snippet(stored);
      else points.push(pointOf(stored, branchAt(stored)));
      before = stored;
    }
  }
  for (const segment of state.segments) {
    const points = starts.get(segment.id) ?? [];
    points.forEach((point, place) => {
      point.parent = points[place - 1]?.id ?? parentIn(state.segments, segment, starts);
    });
  }
  const nodes = foldPoints([...starts.values()].flat());
  return { nodes, branches: state.branches.length, end: endOf(nodes, state.current) };
}

function endOf(nodes: readonly Fold[], branch: string): string | null {
  const along = nodes.filter((node) => node.branch === branch);
  return (
    along.reduce<Fold | null>((last, node) => (last && last.position > node.position ? last : node), null)?.id ?? null
  );
}

const longestSnippet = 90;

const isPersons = ({ item }: StoredItem) => "role" in item && item.role === "user";
const isSystem = ({ item }: StoredItem) => "role" in item && item.role === "system";

/** All that a run answered is one message. */
const joins = (before: StoredItem, next: StoredItem) =>
  before.segment === next.segment && !isPersons(before) && !isPersons(next) && before.run === next.run;

function snippet({ item }: StoredItem): string {
  const text = textOf(item)
    .slice(0, longestSnippet * 2)
    .replace(/\s+/g, " ")
    .trim();
  return text.length > longestSnippet ? `${text.slice(0, longestSnippet - 1).toWellFormed()}…` : text;
}

function pointOf(stored: StoredItem, branch: string): Point {
  const { segment, position, agent } = stored;
  return {
    id: `${segment}.${position}`,
    parent: null,
    branch,
    position,
    agent: isPersons(stored) ? null : agentIdOf(agent ?? "assistant"),
    text: snippet(stored),
  };
}

/** The branch on which a point is opened: the current one where that goes through it, else the last used. */
function branchFinder(state: SessionState): (stored: StoredItem) => string {
  const through = new Map<string, { branch: string; to: number }[]>();
  const preferred = state.branches.toSorted(
    (left, right) =>
      Number(right.id === state.current) - Number(left.id === state.current) || right.updatedAt - left.updatedAt,
  );
  for (const { id } of preferred) {
    for (const { segment, to } of lineage(state, id)) {
      const known = through.get(segment) ?? [];
      // One that ends before a preferred one does is never asked for.
      if (known.every((other) => other.to < to)) known.push({ branch: id, to });
      through.set(segment, known);
    }
  }
  return ({ segment, position }) => through.get(segment)?.find(({ to }) => position < to)?.branch ?? state.current;
}
