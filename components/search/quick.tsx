"use client";

import Link from "next/link";
import { type ReactNode, useEffect, useState } from "react";
import type { SearchHit } from "#lib/search/hits.ts";
import type { SearchPage } from "#lib/search.ts";
import { messageAddress, searchAddress } from "./address.ts";
import { Marked } from "./marked.tsx";
import { Writer } from "./writer.tsx";

/** In milliseconds: so long after the last key it is looked for. */
const patience = 120;

type Answer = { words: string; page: SearchPage } | { words: string; error: string };

interface QuickResultsProps {
  words: string;
  /** What is known of the conversations: with news of them, others may be found. */
  known: unknown;
}

/** The best of what is found, while one types. */
export function QuickResults({ words, known }: QuickResultsProps) {
  const answer = useAnswer(words, known);
  if (!answer) return null;
  if ("error" in answer) return <Remark>{answer.error}</Remark>;
  const { hits, problems, catchingUp } = answer.page;
  return (
    <>
      <ul aria-label="Found conversations" className="grid gap-0.5 pt-2">
        {hits.map((hit) => (
          <QuickHit key={hit.id} hit={hit} />
        ))}
      </ul>
      <div role="status">
        {problems.map((problem) => (
          <Remark key={problem}>{problem}</Remark>
        ))}
        {answer.words === words && hits.length === 0 && <Remark>Nothing has all these words.</Remark>}
        {catchingUp && <Remark>Older conversations are still being prepared for the search.</Remark>}
      </div>
      <Link
        href={searchAddress(words)}
        prefetch={false}
        className="target mt-1 flex items-center rounded-control px-2 text-note text-ink-3 hover:bg-hover hover:text-ink focus-visible:-outline-offset-2"
      >
        All results and filters
      </Link>
    </>
  );
}

/** What the server answers to these words; until it does, what it answered before. */
function useAnswer(words: string, known: unknown): Answer | null {
  const [answer, setAnswer] = useState<Answer | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when there is news.
  useEffect(() => {
    const leaving = new AbortController();
    const timer = setTimeout(async () => {
      const next = await ask(words, leaving.signal);
      if (!leaving.signal.aborted) setAnswer(next);
    }, patience);
    return () => {
      clearTimeout(timer);
      leaving.abort();
    };
  }, [words, known]);
  return answer;
}

async function ask(words: string, signal: AbortSignal): Promise<Answer> {
  try {
    const response = await fetch(`/api/search?${new URLSearchParams({ q: words })}`, { signal });
    const body = await response.json();
    return response.ok ? { words, page: body } : { words, error: String(body?.error?.message) };
  } catch {
    return { words, error: "The server can't be reached. Check your connection." };
  }
}

function QuickHit({ hit }: { hit: SearchHit }) {
  const [message] = hit.messages;
  return (
    <li className="rounded-control hover:bg-hover has-focus-visible:bg-hover">
      <Link
        href={`/c/${hit.id}`}
        prefetch={false}
        dir="auto"
        className="target block truncate rounded-control px-2 py-1 text-ui focus-visible:-outline-offset-2"
      >
        <Marked stretches={hit.title} />
      </Link>
      {message && (
        <Link
          href={messageAddress(hit, message)}
          prefetch={false}
          dir="auto"
          className="-mt-1 line-clamp-2 rounded-control px-2 pb-1.5 text-small break-words text-ink-3 hover:text-ink-2 focus-visible:-outline-offset-2"
        >
          <Writer agent={message.agent} />: <Marked stretches={message.snippet} />
        </Link>
      )}
    </li>
  );
}

const Remark = ({ children }: { children: ReactNode }) => <p className="px-2 py-1 text-note text-ink-3">{children}</p>;
