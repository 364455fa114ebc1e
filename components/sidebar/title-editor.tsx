"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { Input } from "#components/ui/input.tsx";
import type { ConversationRow } from "#lib/conversation-rows.ts";
import { useSidebar } from "./context.ts";

/** The title as a text field, in the place of the row: Enter keeps what was typed, Escape the old title. */
export function TitleEditor({ row, onEnd }: { row: ConversationRow; onEnd: () => void }) {
  const { commands, open } = useSidebar();
  const router = useRouter();
  const [title, setTitle] = useState(row.title);
  const [problem, setProblem] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const ended = useRef(false);
  const problemId = useId();

  useEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);

  async function keep() {
    if (ended.current) return;
    if (title.trim() === row.title) return end();
    ended.current = true;
    const refused = await commands.rename(row, title);
    if (refused === null) {
      // What is open shows its title.
      if (row.id === open) router.refresh();
      return onEnd();
    }
    ended.current = false;
    setProblem(refused);
    input.current?.focus();
  }

  function end() {
    ended.current = true;
    onEnd();
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    void keep();
  }

  return (
    <form onSubmit={submit} className="py-0.5">
      <Input
        ref={input}
        value={title}
        dir="auto"
        aria-label={`New title of ${row.title}`}
        aria-invalid={problem ? true : undefined}
        aria-describedby={problem ? problemId : undefined}
        onChange={(event) => setTitle(event.target.value)}
        onBlur={() => void keep()}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.stopPropagation();
          end();
        }}
        className="px-2 py-0 font-medium"
      />
      {problem && (
        <p id={problemId} role="alert" className="px-2 pt-1 text-small text-danger">
          {problem}
        </p>
      )}
    </form>
  );
}
