"use client";

import Search from "lucide-react/icons/search";
import X from "lucide-react/icons/x";
import { useRouter } from "next/navigation";
import { type RefObject, useEffect, useLayoutEffect } from "react";
import { rememberTimeZone } from "#components/search/time-zone.ts";
import { Key } from "#components/ui/key.tsx";
import { longestQuery } from "#lib/search/query.ts";

interface SearchBoxProps {
  input: RefObject<HTMLInputElement | null>;
  value: string;
  onChange: (value: string) => void;
  shortcut: string;
}

/** Finds while one types; Enter opens the page with all that was found. */
export function SearchBox({ input, value, onChange, shortcut }: SearchBoxProps) {
  const router = useRouter();
  useEffect(rememberTimeZone, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, for what was typed before the page was alive.
  useLayoutEffect(() => onChange(input.current?.value ?? ""), []);
  return (
    <search className="mx-3 mt-2 flex items-center rounded-card px-3 text-ui text-ink-3 focus-within:bg-raise focus-within:shadow-[0_0_0_1px_var(--line-strong)] hover:bg-hover focus-within:hover:bg-raise">
      <Search aria-hidden size={15} className="shrink-0" />
      <input
        ref={input}
        type="search"
        aria-label="Search"
        aria-keyshortcuts="Control+K Meta+K"
        placeholder="Search"
        autoComplete="off"
        dir="auto"
        maxLength={longestQuery}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === "Enter" && value.trim()) {
            router.push(`/search?q=${encodeURIComponent(value.trim())}`);
            onChange("");
          }
          if (event.key === "Escape" && value) {
            event.stopPropagation();
            onChange("");
          }
        }}
        className="target min-w-0 flex-1 bg-transparent px-2.5 text-[1rem] text-ink outline-none placeholder:text-ink-3 sm:text-ui [&::-webkit-search-cancel-button]:hidden"
      />
      {value === "" ? (
        <span aria-hidden>
          <Key>{shortcut}</Key>
        </span>
      ) : (
        <button
          type="button"
          aria-label="Clear search"
          onClick={() => {
            onChange("");
            input.current?.focus();
          }}
          className="-mr-2 grid size-8 place-items-center rounded-control hover:text-ink"
        >
          <X aria-hidden size={15} />
        </button>
      )}
    </search>
  );
}
