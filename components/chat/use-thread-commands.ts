import { useMemo } from "react";
import { useShowCurrent } from "#components/branches/use-show-current.ts";
import { settled } from "#components/sidebar/settled.ts";
import { alarm, toast } from "#components/ui/toast.tsx";
import { branchFrom, makeCurrent } from "#lib/actions/branches.ts";
import type { Line } from "./line.ts";
import type { ThreadActions } from "./thread-actions.ts";

/** What a person can do with a message of this line. */
export function useThreadCommands(line: Line, toEnd: () => void, hold: () => void): ThreadActions {
  const showCurrent = useShowCurrent();

  return useMemo(() => {
    /** While an answer is being written, the thread stays as it is: messages are not drawn again only to say so. */
    const busy = () => {
      const { live, waiting } = line.state();
      if (!live) return false;
      toast(
        waiting
          ? "An answer waits for you. Approve or reject what it asks, or stop it first."
          : "An answer is being written. Wait for it, or stop it first.",
      );
      return true;
    };

    return {
      edit(edit) {
        if (edit === null || !busy()) line.edit(edit);
      },

      async sendInstead(message, text) {
        if (busy()) return;
        line.edit(null);
        const sending = line.send(text, { instead: message });
        toEnd();
        const outcome = await sending;
        const position = message.metadata?.position ?? 0;
        if (!outcome.ok) line.edit({ position, text, problem: outcome.error.message });
      },

      async tryAgain(message) {
        if (busy()) return;
        const outcome = await line.tryAgain(message);
        if (outcome && !outcome.ok) alarm(outcome.error.message);
      },

      async decide(call, approved) {
        const outcome = await line.decide(call, approved);
        if (!outcome.ok) alarm(outcome.error.message);
        return outcome.ok;
      },

      async branchFrom(message) {
        const { place } = line.state();
        const position = message.metadata?.end;
        if (!place || position === undefined || busy()) return;
        const outcome = await settled(branchFrom({ ...place, position }));
        if (!outcome.ok) return alarm(outcome.error.message);
        showCurrent();
        toast("You are on a new branch. The other one stays as it was.");
      },

      async show(branch, message) {
        const { place } = line.state();
        if (!place || busy()) return;
        hold();
        // First, so that it is there whoever hears of the change first.
        await line.window.prepare(branch, message.metadata?.position ?? 0);
        const outcome = await settled(makeCurrent({ conversation: place.conversation, branch }));
        if (outcome.ok) showCurrent();
        else alarm(outcome.error.message);
      },
    };
  }, [line, toEnd, hold, showCurrent]);
}
