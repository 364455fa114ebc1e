import type { StreamEvent } from "@openai/agents";
import { withPauses } from "#lib/with-pauses.ts";

type TextDelta = Extract<StreamEvent, { type: "output_text_delta" }>;

/** However much there is to merge, nothing is held up for longer than this, in milliseconds. */
const longest = 15;

/**
 * Makes one delta of those that have come together. A delta that comes alone goes on at once; a
 * process with much to do finds several at a time, and each costs as much as all on the way to the
 * browser, so that it does not fall further behind.
 */
export async function* mergeDeltas(events: AsyncIterable<StreamEvent>): AsyncGenerator<StreamEvent> {
  let held: TextDelta | undefined;
  let until = 0;
  try {
    for await (const event of withPauses(events, () => held !== undefined)) {
      const isDelta = event?.type === "output_text_delta";
      if (isDelta && !held) {
        held = event;
        until = performance.now() + longest;
        continue;
      }
      if (isDelta && held) held = { ...held, delta: held.delta + event.delta };
      if (isDelta && performance.now() < until) continue;
      if (held) yield held;
      held = undefined;
      if (event && !isDelta) yield event;
    }
  } catch (error) {
    // What came before it counts.
    if (held) yield held;
    throw error;
  }
  if (held) yield held;
}
