/**
 * First come, first served. Turns that arrive together share one event loop, and if all went on
 * side by side, each would see its first word about as late as the last. So only a few are on
 * their way to the first word at a time; the others wait, which costs the last one nothing.
 */

const mostInside = 2;
/** Who takes longer than this holds nobody else up, in milliseconds: the model is slow, or the event loop is full. */
const longestStay = 20;

interface Turnstile {
  inside: Map<string, NodeJS.Timeout>;
  waiting: { turn: string; goOn: () => void }[];
}

const shared = globalThis as typeof globalThis & { switchboardTurnstile?: Turnstile };

function turnstile(): Turnstile {
  shared.switchboardTurnstile ??= { inside: new Map(), waiting: [] };
  return shared.switchboardTurnstile;
}

/** Resolves when it is this turn's turn. */
export function enter(turn: string): Promise<void> {
  const { inside, waiting } = turnstile();
  if (inside.size < mostInside) {
    admit(turn);
    return Promise.resolve();
  }
  return new Promise((goOn) => waiting.push({ turn, goOn }));
}

/** The turn has shown its first word, or will show none: the next one may come in. */
export function leave(turn: string): void {
  const { inside, waiting } = turnstile();
  clearTimeout(inside.get(turn));
  if (!inside.delete(turn)) return;
  const next = waiting.shift();
  if (!next) return;
  admit(next.turn);
  next.goOn();
}

function admit(turn: string): void {
  const { inside } = turnstile();
  inside.set(
    turn,
    setTimeout(() => leave(turn), longestStay),
  );
}
