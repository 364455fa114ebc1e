import type { StreamEvent } from "@openai/agents";
import { ModelFault } from "./fault.ts";

/**
 * Passes a stream on, and ends it, request and all, when nothing has come for `patience` milliseconds: neither an
 * event of the stream nor a call of `stirred`. A server that hangs keeps its connection open for ever, and so would
 * the answer.
 */
export async function* withinPatience(
  open: (signal: AbortSignal, stirred: () => void) => AsyncIterable<StreamEvent>,
  patience: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<StreamEvent> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), patience);
  let over = false;
  // A timer that was cleared would start anew.
  const stirred = () => {
    if (!over) timer.refresh();
  };
  try {
    const either = signal ? AbortSignal.any([signal, silence.signal]) : silence.signal;
    for await (const event of open(either, stirred)) {
      // Who is cancelled may still say what it would have said at the end.
      if (silence.signal.aborted) break;
      timer.refresh();
      yield event;
      timer.refresh();
    }
  } catch (error) {
    throw silence.signal.aborted ? tooLong(error) : error;
  } finally {
    over = true;
    clearTimeout(timer);
  }
  if (silence.signal.aborted) throw tooLong();
}

const tooLong = (cause?: unknown) => new ModelFault("timed_out", "the server said nothing for too long", { cause });
