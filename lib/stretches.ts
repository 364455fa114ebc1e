import { history } from "./history.ts";
import { groups, isPersons } from "./runs/project.ts";
import { slice } from "./sessions/segments.ts";
import type { Range, StoredItem } from "./sessions/store.ts";

/** Parts of a branch that hold whole messages, read without reading the rest of it. */

export interface Stretch {
  items: StoredItem[];
  /** The position at which it begins. */
  from: number;
  /** The position after its last item. */
  to: number;
}

/** The part of a branch that may be read: its ranges, before `end`. */
export interface Reach {
  session: string;
  ranges: readonly Range[];
  end: number;
}

/** How many messages a stretch holds, where they are not very large. */
export const messagesAtOnce = 40;

/** Large messages come fewer at a time, but always a whole one. */
const largest = 500_000;

const firstStep = 32;
const lastStep = 1_024;

/** All of a branch. */
export async function readWhole(reach: Reach): Promise<Stretch> {
  return { items: await read(reach, 0, reach.end), from: 0, to: reach.end };
}

/** The messages that end at `position`: the newest ones there. */
export async function readBefore(reach: Reach, position: number, count = messagesAtOnce): Promise<Stretch> {
  const to = Math.min(position, reach.end);
  let items: StoredItem[] = [];
  let from = to;
  for (let step = firstStep; from > 0; step = Math.min(step * 2, lastStep)) {
    const next = Math.max(0, from - step);
    items = [...(await read(reach, next, from)), ...items];
    from = next;
    const start = startOfLast(items, from, count);
    if (start !== undefined) return { items: items.filter((item) => item.position >= start), from: start, to };
  }
  return { items, from, to };
}

/** The messages from `position` on, at which one begins. */
export async function readAfter(reach: Reach, position: number, count = messagesAtOnce): Promise<Stretch> {
  const from = Math.min(position, reach.end);
  const items: StoredItem[] = [];
  let to = from;
  for (let step = firstStep; to < reach.end; step = Math.min(step * 2, lastStep)) {
    const next = Math.min(to + step, reach.end);
    items.push(...(await read(reach, to, next)));
    to = next;
    const end = endOfFirst(items, count);
    if (end !== undefined) return { items: items.filter((item) => item.position < end), from, to: end };
  }
  return { items, from, to };
}

/** The message at `position`, and what stands before and after it. */
export async function readAround(reach: Reach, position: number): Promise<Stretch> {
  const half = messagesAtOnce / 2;
  const before = await readBefore(reach, position + 1, half + 1);
  const start = groups(before.items).at(-1)?.[0].position ?? before.from;
  const after = await readAfter(reach, start, half);
  return {
    ...after,
    items: [...before.items.filter((item) => item.position < start), ...after.items],
    from: before.from,
  };
}

const read = ({ session, ranges }: Reach, from: number, to: number) => history().read(session, slice(ranges, from, to));

const sizeOf = (group: readonly StoredItem[]) => group.reduce((sum, { item }) => sum + JSON.stringify(item).length, 0);

/** Where the last `count` messages begin, or fewer that are large enough; undefined while that is not read yet. */
function startOfLast(items: readonly StoredItem[], from: number, count: number): number | undefined {
  const found = groups(items);
  let size = 0;
  for (const [place, group] of found.toReversed().entries()) {
    const [first] = group;
    // What stands before the first item is not known: an answer may go on in it.
    const whole = from === 0 || place < found.length - 1 || isPersons(first);
    if (!whole) return undefined;
    size += sizeOf(group);
    if (place + 1 === count || size > largest) return first.position;
  }
  return undefined;
}

/** Where the first `count` messages end, or fewer that are large enough; undefined while that is not read yet. */
function endOfFirst(items: readonly StoredItem[], count: number): number | undefined {
  const found = groups(items);
  let size = 0;
  for (const [place, group] of found.entries()) {
    const next = found[place + 1];
    // Only the beginning of the next message shows that this one is whole.
    if (!next) return undefined;
    size += sizeOf(group);
    if (place + 1 === count || size > largest) return next[0].position;
  }
  return undefined;
}
