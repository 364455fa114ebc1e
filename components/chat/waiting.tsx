import Pencil from "lucide-react/icons/pencil";
import Undo2 from "lucide-react/icons/undo-2";
import { useEffect, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import type { Outcome } from "#lib/guard.ts";
import type { WaitingMessage } from "#lib/thread.ts";
import { entryClasses } from "./cord.tsx";
import { MessageEditor } from "./message-editor.tsx";

interface WaitingProps {
  queue: readonly WaitingMessage[];
  /** The answer before them failed or was stopped, so that they wait for the person. */
  stuck: boolean;
  /** Replaces the words that were there. */
  onEdit: (message: WaitingMessage, text: string, was: string) => Promise<Outcome<unknown>>;
  /** The message was sent, or taken back elsewhere, before these words were saved. */
  onTooLate: (text: string) => void;
  onTakeBack: (message: WaitingMessage) => void;
  onGoOn: () => void;
}

interface Writing {
  id: string;
  text: string;
  /** What stood there when it was begun or last refused. */
  was: string;
  saving: boolean;
  problem: string | null;
}

/** What was sent while an answer was being written, in the order in which it will be answered. */
export default function Waiting({ queue, stuck, onEdit, onTooLate, onTakeBack, onGoOn }: WaitingProps) {
  const [writing, setWriting] = useState<Writing | null>(null);
  const gone = writing !== null && !writing.saving && !queue.some(({ id }) => id === writing.id);

  useEffect(() => {
    if (!gone || !writing) return;
    setWriting(null);
    if (writing.text !== writing.was) onTooLate(writing.text);
  }, [gone, writing, onTooLate]);

  async function save(message: WaitingMessage, { text, was }: Writing): Promise<void> {
    if (text === message.text) return setWriting(null);
    setWriting({ id: message.id, text, was, saving: true, problem: null });
    const outcome = await onEdit(message, text, was);
    if (outcome.ok) return setWriting(null);
    setWriting({ id: message.id, text, was: message.text, saving: false, problem: outcome.error.message });
  }

  if (queue.length === 0 && !writing?.saving) return null;
  return (
    <div className={`${entryClasses} pb-4`}>
      <ul aria-label="Waiting messages" className="grid justify-items-start gap-2">
        {queue.map((message) =>
          writing?.id === message.id ? (
            <li key={message.id} className="w-full">
              <MessageEditor
                text={writing.text}
                problem={writing.problem}
                action="Save"
                busy={writing.saving}
                onChange={(text) => setWriting({ ...writing, text })}
                onDone={() => void save(message, writing.problem ? { ...writing, was: message.text } : writing)}
                onCancel={() => setWriting(null)}
              >
                {writing.problem && message.text !== writing.text && (
                  <p dir="auto" className="line-clamp-4 px-1.5 text-note wrap-anywhere whitespace-pre-wrap text-ink-2">
                    It reads now: {message.text}
                  </p>
                )}
              </MessageEditor>
            </li>
          ) : (
            <WaitingItem
              key={message.id}
              message={message}
              onEdit={() =>
                setWriting({ id: message.id, text: message.text, was: message.text, saving: false, problem: null })
              }
              onTakeBack={() => onTakeBack(message)}
            />
          ),
        )}
      </ul>
      <p className="mt-2 flex flex-wrap items-center gap-2 text-note text-ink-3">
        {stuck ? (
          <>
            Not sent, because the answer before did not end well.
            <Button onClick={onGoOn}>Go on</Button>
          </>
        ) : (
          "Sent when the answer is done"
        )}
      </p>
    </div>
  );
}

interface WaitingItemProps {
  message: WaitingMessage;
  onEdit: () => void;
  onTakeBack: () => void;
}

function WaitingItem({ message, onEdit, onTakeBack }: WaitingItemProps) {
  return (
    <li className="flex max-w-full items-start gap-1 rounded-bubble border border-dashed border-line-strong py-1 pr-1 pl-3.5">
      <p dir="auto" className="line-clamp-4 min-w-0 py-1 text-read wrap-anywhere whitespace-pre-wrap text-ink-2">
        {message.text}
      </p>
      <IconButton label="Edit" onClick={onEdit}>
        <Pencil aria-hidden size={15} />
      </IconButton>
      <IconButton label="Take back" onClick={onTakeBack}>
        <Undo2 aria-hidden size={15} />
      </IconButton>
    </li>
  );
}
