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
  const away = { messages: messages.slice(0, mostShown), from, to: positionOf(messages[mostShown]) };
  if (held.away) return { ...held, away: messages.length > mostShown ? away : { ...away, to: held.away.to } };
  return messages.length > mostShown
    ? { ...newestOf(held.messages, keptNewest), away }
    : { messages, from, away: null };
}

export function withLater(held: Held, { messages: later, to }: ThreadWindow): Held {
  if (!held.away) return held;
  return settle(held, { messages: [...held.away.messages, ...later], from: held.away.from, to });
}

/** Shows a stretch that was fetched for what is in it. */
export const withAround = (held: Held, window: ThreadWindow): Held => settle(held, window);

/** Lets go of what is far above the end. */
export const shortened = (held: Held): Held =>
  held.away || held.messages.length <= mostShown ? held : newestOf(held.messages, mostShown - keptNewest);

/** One stretch with the newest where it reaches them. */
function settle({ messages: newest, from }: Held, { messages, ...window }: ThreadWindow): Held {
  if (window.to < from) {
    const shown = messages.slice(-mostShown);
    const begin = shown.length < messages.length ? positionOf(shown[0]) : window.from;
    return { messages: newest, from, away: { messages: shown, from: begin, to: window.to } };
  }
  const all = [...messages.filter((message) => endOf(message) <= from), ...newest];
  return all.length > mostShown
    ? newestOf(all, mostShown)
    : { messages: all, from: Math.min(window.from, from), away: null };
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
