"use client";

import ArrowUp from "lucide-react/icons/arrow-up";
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { Alert } from "#components/ui/alert.tsx";
import { Button } from "#components/ui/button.tsx";
import { AgentPicker } from "./agent-picker.tsx";
import { faceOf } from "./agents.ts";
import { preloadMarkdown } from "./markdown.tsx";
import { useDraft } from "./use-draft.ts";
import { WritingArea } from "./writing-area.tsx";

interface ComposerProps {
  person: string;
  conversation: string | null;
  agent: string;
  /** An answer is on its way or being written. */
  live: boolean;
  stopping: boolean;
  /** Sends, or keeps it for after the answer, and says what went wrong. */
  onSend: (text: string) => Promise<string | null>;
  onStop: () => void;
  onChooseAgent: (agent: string) => void;
  onEditLast: () => void;
  onScrollKey: (key: string) => void;
  /** What else stands in the bar, beside the agent. */
  children?: ReactNode;
}

/** Where a person writes. Stays usable while an answer is written; nothing typed is lost. */
export function Composer(props: ComposerProps) {
  const { person, conversation, agent, live, stopping, onSend, onStop, onChooseAgent, onEditLast, onScrollKey } = props;
  const area = useRef<HTMLTextAreaElement>(null);
  const { text, problem, sending, draft } = useDraft(person, conversation, area);
  /** The list of agents is open. */
  const [choosing, setChoosing] = useState(false);
  /** It was opened by typing an @. */
  const asked = useRef(false);

  useEffect(() => {
    // Who does something else in this moment is left to it: a page may come late.
    if (!document.activeElement?.closest(occupied)) toWriting(area.current);
  }, []);

  function write(next: string): void {
    if (text === "") preloadMarkdown();
    draft().write(next);
  }

  function send(): void {
    void draft().send(onSend);
    toWriting(area.current);
  }

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>): void {
    if (event.key === "PageUp" || event.key === "PageDown") {
      event.preventDefault();
      onScrollKey(event.key);
    } else if (event.key === "ArrowUp" && text === "") {
      event.preventDefault();
      onEditLast();
    } else if (event.key === "@" && text === "") {
      event.preventDefault();
      asked.current = true;
      setChoosing(true);
    }
  }

  return (
    <div className="mx-auto w-full max-w-[744px]">
      {problem && <Alert className="mb-2">{problem}</Alert>}
      <div className="rounded-bubble border border-line-strong bg-raise px-3 pt-3 pb-2.5 shadow-float focus-within:border-ink-3">
        <WritingArea
          ref={area}
          label="Message"
          placeholder={`Message ${faceOf(agent).name}, or @ another agent`}
          value={text}
          onChange={write}
          onEnter={send}
          onKeyDown={onKeyDown}
          className="px-1"
        />
        <div className="mt-2 flex items-center gap-2">
          <AgentPicker
            agent={agent}
            open={choosing}
            onOpenChange={(open) => {
              setChoosing(open);
              // Nobody was chosen: the sign was meant as what it is.
              if (!open && asked.current) write(`@${text}`);
              asked.current = false;
            }}
            onChoose={(chosen) => {
              asked.current = false;
              onChooseAgent(chosen);
            }}
            writing={area}
          />
          {props.children}
          <span className="ml-auto" />
          {live && text.trim() !== "" && (
            <Button look="quiet" className="rounded-full!" disabled={sending} onClick={send}>
              Queue
            </Button>
          )}
          {live ? (
            <RoundButton label="Stop" disabled={stopping} onClick={onStop}>
              <span aria-hidden className="size-3 rounded-[2.5px] bg-current" />
            </RoundButton>
          ) : (
            <RoundButton label="Send" disabled={sending || text.trim() === ""} onClick={send}>
              <ArrowUp aria-hidden size={17} strokeWidth={2.4} />
            </RoundButton>
          )}
        </div>
      </div>
    </div>
  );
}

/** Where somebody is busy who has the keyboard there. */
const occupied = "input, textarea, select, [role=menu], [role=listbox], [role=dialog], [role=alertdialog]";

/** Puts the keyboard into the box, but where that would bring a keyboard onto the screen. */
function toWriting(area: HTMLTextAreaElement | null): void {
  if (matchMedia("(pointer: fine)").matches) area?.focus({ preventScroll: true });
}

interface RoundButtonProps {
  label: string;
  disabled: boolean;
  onClick: () => void;
  children: ReactNode;
}

function RoundButton({ label, disabled, onClick, children }: RoundButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      data-tip={label}
      disabled={disabled}
      onClick={onClick}
      className="grid size-[34px] shrink-0 place-items-center rounded-full bg-ink text-paper transition-colors hover:bg-ink/85 disabled:bg-line-strong disabled:text-ink-2 pointer-coarse:size-11"
    >
      {children}
    </button>
  );
}
