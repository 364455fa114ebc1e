import { memo, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { Moment } from "#components/ui/moment.tsx";
import type { ThreadMessage } from "#lib/thread.ts";
import { Cord, entryClasses } from "./cord.tsx";
import { EditMessage } from "./edit-message.tsx";
import type { Edit } from "./line-state.ts";
import { textOf } from "./pieces.ts";
import { useThreadActions } from "./thread-actions.ts";
import { Toolbar } from "./toolbar.tsx";
import { Versions } from "./versions.tsx";

interface PersonMessageProps {
  message: ThreadMessage;
  above: string | null;
  below: string;
  editing: Edit | null;
  /** No answer came, and none is on its way. */
  unanswered: boolean;
  /** The cord ends here. */
  ends: boolean;
}

export const PersonMessage = memo(function PersonMessage(props: PersonMessageProps) {
  const { message, above, below, editing, unanswered, ends } = props;
  const actions = useThreadActions();
  const text = textOf(message.parts);
  const { createdAt, versions } = message.metadata ?? {};
  return (
    <article aria-label="You" className={`group/message ${entryClasses} pb-1`}>
      <Cord above={above} below={ends ? null : below} jack="person" parts={versions !== undefined} />
      <header className="mb-1 flex h-5 items-center gap-2 text-note leading-5">
        <b className="font-semibold">You</b>
        {createdAt !== undefined && <Moment at={createdAt} className="text-small text-ink-3 tabular-nums" />}
        {versions && <Versions versions={versions} onShow={(branch) => actions.show(branch, message)} />}
      </header>
      {editing ? (
        <EditMessage message={message} edit={editing} />
      ) : (
        <>
          <Said text={text} />
          <Toolbar
            text={() => text}
            shown={unanswered}
            onEdit={() => actions.edit({ position: message.metadata?.position ?? 0, text })}
            onTryAgain={unanswered ? () => actions.tryAgain(message) : undefined}
            onBranch={() => actions.branchFrom(message)}
          />
        </>
      )}
    </article>
  );
});

const long = 2_400;

/** A person's words stand as they were typed. What is very long is folded. */
function Said({ text }: { text: string }) {
  const [open, setOpen] = useState(text.length < long);
  return (
    <div className="inline-block max-w-full rounded-bubble rounded-tl-[4px] border border-line bg-raise px-3.5 py-2.5">
      <div
        dir="auto"
        className={classes("text-read wrap-anywhere whitespace-pre-wrap", text.length >= long && "[font-kerning:none]")}
      >
        {open ? text : `${text.slice(0, long - 400)}…`}
      </div>
      {text.length >= long && (
        <Button look="quiet" className="mt-1 -ml-3" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? "Show less" : `Show all ${text.length.toLocaleString("en")} characters`}
        </Button>
      )}
    </div>
  );
}
