import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { Input } from "#components/ui/input.tsx";

interface NameEditorProps {
  name: string;
  /** Answers why the name was refused, or null. */
  onKeep: (name: string) => Promise<string | null>;
  onEnd: () => void;
}

/** A branch's name as a text field: Enter keeps what was typed, Escape the old name. */
export function NameEditor({ name, onKeep, onEnd }: NameEditorProps) {
  const [typed, setTyped] = useState(name);
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
    ended.current = true;
    const refused = typed.trim() === name ? null : await onKeep(typed);
    if (refused === null) return onEnd();
    ended.current = false;
    setProblem(refused);
    input.current?.focus();
  }

  return (
    <form
      className="p-1"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        void keep();
      }}
    >
      <Input
        ref={input}
        value={typed}
        dir="auto"
        maxLength={200}
        aria-label={`New name of ${name}`}
        aria-invalid={problem ? true : undefined}
        aria-describedby={problem ? problemId : undefined}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={() => void keep()}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.stopPropagation();
          ended.current = true;
          onEnd();
        }}
      />
      {problem && (
        <p id={problemId} role="alert" className="px-2 pt-1 text-small text-danger">
          {problem}
        </p>
      )}
    </form>
  );
}
