/**
 * When viewers are written to: after all that is there has been read, for each write in between would wake its reader
 * for one piece alone. A write is half of all that is done to show a word. Beyond so many a second they take turns, and
 * what comes for who waits goes along: the event loop has room for those who begin.
 */

const mostPerSecond = 5000;
/** After a rest, so many may be written at once. */
const mostAtOnce = 250;
/** Between two turns where somebody waits, in milliseconds. */
const pause = 10;

let due: (() => void)[] = [];
let allowed = mostAtOnce;
let counted = performance.now();

/** Calls `write` soon, once. */
export function writeSoon(write: () => void): void {
  due.push(write);
  if (due.length === 1) setImmediate(writeDue);
}

function writeDue(): void {
  const now = performance.now();
  allowed = Math.min(mostAtOnce, allowed + ((now - counted) * mostPerSecond) / 1000);
  counted = now;
  const writes = due.slice(0, allowed);
  for (const write of writes) write();
  allowed -= writes.length;
  due = due.slice(writes.length);
  if (due.length > 0) setTimeout(writeDue, pause);
}
