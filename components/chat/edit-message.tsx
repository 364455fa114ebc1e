import { Alert } from "#components/ui/alert.tsx";
import { Button } from "#components/ui/button.tsx";
import type { ThreadMessage } from "#lib/thread.ts";
import type { Edit } from "./line-state.ts";
import { useThreadActions } from "./thread-actions.ts";
import { WritingArea } from "./writing-area.tsx";

/** A message being written anew, in its place. What was there stays beside it as an earlier version. */
export function EditMessage({ message, edit }: { message: ThreadMessage; edit: Edit }) {
  const actions = useThreadActions();
  const empty = edit.text.trim() === "";
  const send = () => {
    if (!empty) actions.sendInstead(message, edit.text);
  };
  return (
    <div className="mb-3 rounded-bubble rounded-tl-[4px] border border-line-strong bg-raise p-2 focus-within:border-ink-3">
      <WritingArea
        label="Edit message"
        value={edit.text}
        autoFocus
        onChange={(text) => actions.edit({ ...edit, text })}
        onEnter={send}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.preventDefault();
          actions.edit(null);
        }}
        className="px-1.5 py-0.5"
      />
      {edit.problem && <Alert className="my-2">{edit.problem}</Alert>}
      <div className="mt-1 flex justify-end gap-2">
        <Button onClick={() => actions.edit(null)}>Cancel</Button>
        <Button look="primary" disabled={empty} onClick={send}>
          Send
        </Button>
      </div>
    </div>
  );
}
