import Undo2 from "lucide-react/icons/undo-2";
import { Button } from "#components/ui/button.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import type { WaitingMessage } from "#lib/thread.ts";
import { entryClasses } from "./cord.tsx";

interface WaitingProps {
  queue: readonly WaitingMessage[];
  /** The answer before them failed or was stopped, so that they wait for the person. */
  stuck: boolean;
  onTakeBack: (message: WaitingMessage) => void;
  onGoOn: () => void;
}

/** What was sent while an answer was being written, in the order in which it will be answered. */
export function Waiting({ queue, stuck, onTakeBack, onGoOn }: WaitingProps) {
  if (queue.length === 0) return null;
  return (
    <div className={`${entryClasses} pb-4`}>
      <ul aria-label="Waiting messages" className="grid justify-items-start gap-2">
        {queue.map((message) => (
          <li
            key={message.id}
            className="flex max-w-full items-start gap-1 rounded-bubble border border-dashed border-line-strong py-1 pr-1 pl-3.5"
          >
            <p dir="auto" className="line-clamp-4 min-w-0 py-1 text-read wrap-anywhere whitespace-pre-wrap text-ink-2">
              {message.text}
            </p>
            <IconButton label="Take back" onClick={() => onTakeBack(message)}>
              <Undo2 aria-hidden size={15} />
            </IconButton>
          </li>
        ))}
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
