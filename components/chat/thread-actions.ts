import { createContext, use } from "react";
import type { ThreadMessage } from "#lib/thread.ts";
import type { Edit } from "./line-state.ts";

/** What a message can ask of the thread around it. Never changes while a thread is shown, so that messages need not draw again. */
export interface ThreadActions {
  edit: (edit: Edit | null) => void;
  sendInstead: (message: ThreadMessage, text: string) => void;
  tryAgain: (message: ThreadMessage) => void;
  branchFrom: (message: ThreadMessage) => void;
  /** Approves or rejects a call that waits. Resolves to whether that was done. */
  decide: (call: string, approved: boolean) => Promise<boolean>;
  /** Shows a message as it is on another branch. */
  show: (branch: string, message: ThreadMessage) => void;
}

export const ThreadActionsContext = createContext<ThreadActions | null>(null);

export function useThreadActions(): ThreadActions {
  const actions = use(ThreadActionsContext);
  if (!actions) throw new Error("A message stands outside a thread.");
  return actions;
}
