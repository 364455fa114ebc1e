import Link from "next/link";
import { buttonClasses } from "#components/ui/button.tsx";
import { Dot } from "#components/ui/dot.tsx";
import { Moment } from "#components/ui/moment.tsx";
import type { Namespace } from "#lib/access.ts";
import type { ConversationPage, ConversationRow } from "#lib/conversation-rows.ts";
import { placeName } from "#lib/search.ts";

interface SearchResultsProps {
  words: string;
  found: ConversationPage;
  namespaces: Namespace[];
  /** This is not the first page. */
  later: boolean;
}

export function SearchResults({ words, found, namespaces, later }: SearchResultsProps) {
  if (found.rows.length === 0) {
    return (
      <p role="status" className="mt-8 text-ui text-ink-2">
        {later ? "There are no older ones." : `No title has “${words}”. Try fewer or shorter words.`}
      </p>
    );
  }
  const address = `/search?q=${encodeURIComponent(words)}`;
  return (
    <>
      <ul aria-label="Found conversations" className="mt-6 divide-y divide-line border-y border-line">
        {found.rows.map((row) => (
          <Found key={row.id} row={row} namespace={namespaces.find(({ type }) => type === row.namespace)} />
        ))}
      </ul>
      <div className="mt-4 flex gap-2">
        {later && (
          <Link href={address} className={buttonClasses()}>
            Newest
          </Link>
        )}
        {found.next && (
          <Link href={`${address}&before=${placeName(found.next)}`} className={buttonClasses()}>
            Older
          </Link>
        )}
      </div>
    </>
  );
}

function Found({ row, namespace }: { row: ConversationRow; namespace?: Namespace }) {
  return (
    <li className="relative flex min-h-11 flex-wrap items-center gap-x-3 gap-y-0.5 px-1 py-2 hover:bg-hover">
      <Link
        href={`/c/${row.id}`}
        prefetch={false}
        dir="auto"
        className="min-w-0 flex-1 basis-60 truncate font-medium after:absolute after:inset-0 after:content-['']"
      >
        {row.title}
      </Link>
      <span className="flex items-center gap-3 text-small text-ink-3">
        {row.archived && <span className="rounded-full border border-line px-2">archived</span>}
        <span className="inline-flex items-center gap-1.5">
          <Dot square color={namespace?.color ?? "triage"} />
          {namespace?.label ?? row.namespace}
        </span>
        <Moment at={row.activeAt} className="tabular-nums" />
      </span>
    </li>
  );
}
