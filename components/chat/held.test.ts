import fc from "fast-check";
import { expect, test } from "vitest";
import type { ThreadMessage, ThreadWindow } from "#lib/thread.ts";
import {
  type Held,
  holds,
  mostShown,
  renewed,
  shortened,
  shownOf,
  withAround,
  withEarlier,
  withLater,
} from "./held.ts";

/** A branch of messages of one to three items each, as the server answers parts of it. */
function branchOf(lengths: number[]) {
  let position = 0;
  const messages = lengths.map((length, place): ThreadMessage => {
    const metadata = { agent: null, position, end: position + length, createdAt: 0 };
    position += length;
    return { id: String(place), role: "user", parts: [], metadata };
  });
  const at = (place: number) => messages[place]?.metadata?.position ?? position;
  const window = (first: number, last: number): ThreadWindow => {
    const [from, to] = [Math.max(0, first), Math.min(messages.length, last)];
    return { messages: messages.slice(from, to), from: at(from), to: at(to) };
  };
  const placeOf = (wanted: number) => messages.findIndex(({ metadata }) => wanted < (metadata?.end ?? 0));
  return {
    messages,
    length: position,
    newest: () => window(messages.length - 40, messages.length),
    before: (wanted: number) => window(messages.findIndex((_, place) => at(place) === wanted) - 40, placeOf(wanted)),
    after: (wanted: number) => window(placeOf(wanted), placeOf(wanted) + 40),
    around: (wanted: number) => window(placeOf(wanted) - 20, placeOf(wanted) + 20),
  };
}

const steps = fc.array(
  fc.oneof(
    fc.constant({ kind: "earlier" as const }),
    fc.constant({ kind: "later" as const }),
    fc.constant({ kind: "again" as const }),
    fc.constant({ kind: "shorten" as const }),
    fc.record({ kind: fc.constant("around" as const), at: fc.nat(10_000) }),
  ),
  { maxLength: 40 },
);

test("what is shown is one stretch without a gap, bounded, and the newest are always there", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 500 }), steps, (lengths, walk) => {
      const branch = branchOf(lengths);
      let held: Held = { ...branch.newest(), away: null };
      for (const step of walk) {
        const { from } = shownOf(held);
        if (step.kind === "earlier" && from > 0) held = withEarlier(held, branch.before(from));
        if (step.kind === "later" && held.away) held = withLater(held, branch.after(held.away.to));
        if (step.kind === "again") held = renewed(held, branch.newest(), branch.length);
        if (step.kind === "shorten") held = shortened(held);
        if (step.kind === "around") {
          const wanted = step.at % branch.length;
          held = withAround(held, branch.around(wanted));
          expect(holds(held, wanted)).toBe(true);
        }
        const shown = shownOf(held).messages;
        const first = branch.messages.findIndex(({ id }) => id === shown[0]?.id);
        expect(shown).toEqual(branch.messages.slice(first, first + shown.length));
        expect(shown.length).toBeLessThanOrEqual(mostShown);
        expect(shownOf(held).from).toBe(shown[0]?.metadata?.position);
        expect(held.away?.to ?? branch.length).toBe(shown.at(-1)?.metadata?.end);
        expect(held.messages.at(-1)).toBe(branch.messages.at(-1));
      }
    }),
    { numRuns: 300 },
  );
});
