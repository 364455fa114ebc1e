import { useCallback } from "react";
import { alarm, toast } from "#components/ui/toast.tsx";
import type { WaitingMessage } from "#lib/thread.ts";
import { draftOf } from "./draft.ts";
import type { Line } from "./line.ts";

interface Sender {
  person: string;
  /** Where a conversation belongs that begins here. */
  namespace: string;
  /** Shows the end of the thread, where what is sent appears. */
  toEnd: () => void;
}

/** What becomes of the words that leave the box. What answers with a text says why it was refused. */
export function useSending(line: Line, { person, namespace, toEnd }: Sender) {
  const giveBack = useCallback(
    (text: string) => draftOf(person, line.state().place?.conversation ?? null).giveBack(text),
    [line, person],
  );

  async function send(text: string): Promise<string | null> {
    line.edit(null);
    const { live, queue } = line.state();
    // What is sent later is answered later: it goes behind what waits already.
    if (live || queue.length > 0) return keep(text);
    const sending = line.send(text, { namespace });
    toEnd();
    const outcome = await sending;
    if (outcome.ok) return null;
    if (outcome.error.code !== "busy") return outcome.error.message;
    const problem = await keep(text);
    if (!problem) toast("An answer to another tab or device is being written. Your message waits for it.");
    return problem;
  }

  async function keep(text: string): Promise<string | null> {
    const keeping = line.queue.add(text);
    toEnd();
    const outcome = await keeping;
    return outcome.ok ? null : outcome.error.message;
  }

  /** A suggestion is not in the box, and does not come back into it. */
  async function suggest(text: string): Promise<void> {
    const problem = await send(text);
    if (problem) alarm(problem);
  }

  const tooLate = useCallback(
    (text: string) => {
      giveBack(text);
      alarm("That message was sent or taken back before you saved. Your new words are in the box below.");
    },
    [giveBack],
  );

  async function takeBack(message: WaitingMessage): Promise<void> {
    const outcome = await line.queue.takeBack(message);
    if (outcome.ok) giveBack(message.text);
    else alarm("That message has just been sent. Edit it in the thread.");
  }

  async function goOn(): Promise<void> {
    const outcome = await line.queue.goOn();
    if (!outcome.ok) alarm(outcome.error.message);
  }

  return { send, suggest, tooLate, takeBack, goOn };
}
