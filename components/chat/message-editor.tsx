import type { ReactNode } from "react";
import { Alert } from "#components/ui/alert.tsx";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { WritingArea } from "./writing-area.tsx";

interface MessageEditorProps {
  text: string;
  problem: string | null | undefined;
  /** What becomes of the words: "Send", "Save". */
  action: string;
  busy?: boolean;
  onChange: (text: string) => void;
  onDone: () => void;
  onCancel: () => void;
  className?: string;
  children?: ReactNode;
}

/** The words of a message being changed, in their place. */
export function MessageEditor(props: MessageEditorProps) {
  const { text, problem, action, busy = false, onChange, onDone, onCancel, className, children } = props;
  const empty = text.trim() === "";
  const done = () => {
    if (!empty && !busy) onDone();
  };
  return (
    <div
      className={classes("rounded-bubble border border-line-strong bg-raise p-2 focus-within:border-ink-3", className)}
    >
      <WritingArea
        label="Edit message"
        value={text}
        autoFocus
        onChange={onChange}
        onEnter={done}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.preventDefault();
          onCancel();
        }}
        className="px-1.5 py-0.5"
      />
      {problem && <Alert className="my-2">{problem}</Alert>}
      {children}
      <div className="mt-1 flex justify-end gap-2">
        <Button onClick={onCancel}>Cancel</Button>
        <Button look="primary" disabled={empty} busy={busy} onClick={done}>
          {action}
        </Button>
      </div>
    </div>
  );
}
