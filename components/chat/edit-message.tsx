import type { ThreadMessage } from "#lib/thread.ts";
import type { Edit } from "./line-state.ts";
import { MessageEditor } from "./message-editor.tsx";
import { useThreadActions } from "./thread-actions.ts";

/** A message being written anew, in its place. What was there stays beside it as an earlier version. */
export function EditMessage({ message, edit }: { message: ThreadMessage; edit: Edit }) {
  const actions = useThreadActions();
  return (
    <MessageEditor
      text={edit.text}
      problem={edit.problem}
      action="Send"
      onChange={(text) => actions.edit({ ...edit, text })}
      onDone={() => actions.sendInstead(message, edit.text)}
      onCancel={() => actions.edit(null)}
      className="mb-3 rounded-tl-[4px]"
    />
  );
}
