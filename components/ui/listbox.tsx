"use client";

import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { classes } from "./classes.ts";

export interface ListOption {
  id: string;
  /** What is typed to find it. */
  label: string;
  /** Said after what is shown. */
  description?: string;
  /** What is shown, and its name: hide from screen readers what is said otherwise. */
  content?: ReactNode;
}

interface ListboxProps {
  label: string;
  options: readonly ListOption[];
  selected: string | null;
  onChoose: (id: string) => void;
  className?: string;
}

/** One of several: arrow keys, Home, End and the first letters move, Enter and Space choose. */
export function Listbox({ label, options, selected, onChoose, className }: ListboxProps) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(() =>
    Math.max(
      options.findIndex((option) => option.id === selected),
      0,
    ),
  );
  const typed = useRef({ text: "", at: 0 });

  useEffect(() => {
    list.current?.focus({ preventScroll: true });
  }, []);
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: "nearest" });
  }, [active]);

  function find(letter: string, at: number): void {
    const fresh = at - typed.current.at > 700;
    const text = (fresh ? "" : typed.current.text) + letter.toLocaleLowerCase();
    typed.current = { text, at };
    const found = options.findIndex((option) => option.label.toLocaleLowerCase().startsWith(text));
    if (found >= 0) setActive(found);
  }

  function onKeyDown(event: KeyboardEvent): void {
    const moves: Record<string, number> = {
      ArrowDown: Math.min(active + 1, options.length - 1),
      ArrowUp: Math.max(active - 1, 0),
      Home: 0,
      End: options.length - 1,
    };
    const to = moves[event.key];
    const chosen = options[active];
    if (to !== undefined) setActive(to);
    else if ((event.key === "Enter" || event.key === " ") && chosen) onChoose(chosen.id);
    else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey) find(event.key, event.timeStamp);
    else return;
    event.preventDefault();
  }

  return (
    <div
      ref={list}
      role="listbox"
      tabIndex={0}
      aria-label={label}
      aria-activedescendant={`${id}-${active}`}
      onKeyDown={onKeyDown}
      className={classes("outline-none", className)}
    >
      {options.map((option, place) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the list holds the focus and its keys choose.
        <div
          key={option.id}
          id={`${id}-${place}`}
          role="option"
          tabIndex={-1}
          aria-description={option.description}
          aria-selected={option.id === selected}
          onClick={() => onChoose(option.id)}
          onPointerMove={() => setActive(place)}
          className={classes("rounded-control px-2.5 py-1.5", place === active && "bg-hover")}
        >
          {option.content ?? option.label}
        </div>
      ))}
    </div>
  );
}
