import type { ThreadMessage, ThreadWindow } from "#lib/thread.ts";

/** Which messages of a branch a tab holds: always the newest, and a stretch further up while that is read. Pure. */

export interface Held {
  /** The newest messages, to the end of the branch. */
  messages: readonly ThreadMessage[];
  /** The position at which they begin; 0 where that is the beginning of the branch. */
  from: number;
  /** What is shown instead of the newest. There is more after it. */
  away: ThreadWindow | null;
}

/** So many messages are shown at most; those that are furthest from the reader go, and can be fetched again. */
export const mostShown = 120;

/** So many of the newest are kept while something else is shown. */
const keptNewest = 40;

const positionOf = (message: ThreadMessage | undefined): number => message?.metadata?.position ?? 0;
const endOf = (message: ThreadMessage): number => message.metadata?.end ?? 0;

/** What stands on the screen, and where it begins. */
export const shownOf = (held: Held): { messages: readonly ThreadMessage[]; from: number } => held.away ?? held;

export const holds = (held: Held, position: number): boolean =>
  shownOf(held).messages.some((message) => positionOf(message) <= position && position < endOf(message));

export function withEarlier(held: Held, { from, messages: earlier }: ThreadWindow): Held {
  const messages = [...earlier, ...shownOf(held).messages];
  if (!held.away) return upperPart({ messages, from, away: null });
  const { to } = held.away;
  return { messages: held.messages, from: held.from, away: firstOf({ messages, from, to }) };
}

export function withLater(held: Held, { messages: later, to }: ThreadWindow): Held {
  if (!held.away) return held;
  const { messages, from } = held.away;
  const all = joined(held, { messages: [...messages, ...later], from, to });
  if (!all.away) return all.messages.length > mostShown ? newestOf(all.messages, mostShown) : all;
  const rest = all.away.messages.slice(-mostShown);
  const begin = rest.length < all.away.messages.length ? positionOf(rest[0]) : from;
  return { ...all, away: { messages: rest, from: begin, to } };
}

/** Shows a stretch that was fetched for what is in it. */
export const withAround = (held: Held, window: ThreadWindow): Held => upperPart(joined(held, window));

/** Lets go of what is far above the end. */
export const shortened = (held: Held): Held =>
  held.away || held.messages.length <= mostShown ? held : newestOf(held.messages, mostShown - keptNewest);

/** A stretch and the newest: one where they meet. */
function joined({ messages: newest, from }: Held, window: ThreadWindow): Held {
  if (window.to < from) return { messages: newest, from, away: window };
  const before = window.messages.filter((message) => endOf(message) <= from);
  return { messages: [...before, ...newest], from: Math.min(window.from, from), away: null };
}

/** Where there are too many to show, those furthest down go, but for the newest. */
function upperPart(held: Held): Held {
  if (held.away || held.messages.length <= mostShown) return held;
  const { messages, from } = held;
  return { ...newestOf(messages, keptNewest), away: firstOf({ messages: [...messages], from, to: 0 }) };
}

function firstOf(window: ThreadWindow): ThreadWindow {
  const next = window.messages[mostShown];
  return next ? { ...window, messages: window.messages.slice(0, mostShown), to: positionOf(next) } : window;
}

function newestOf(messages: readonly ThreadMessage[], count: number): Held {
  const newest = messages.slice(-count);
  return { messages: newest, from: positionOf(newest[0]), away: null };
}

/** What is held when the page comes anew: what was fetched of the same branch before the page's own messages stays. */
export function renewed(held: Held, page: { messages: readonly ThreadMessage[]; from: number }, length: number): Held {
  const before = length >= page.from ? held.messages.filter((message) => endOf(message) <= page.from) : [];
  const from = before.length > 0 ? held.from : page.from;
  return { messages: [...before, ...page.messages], from, away: held.away };
}
