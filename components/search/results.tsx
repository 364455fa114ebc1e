import Link from "next/link";
import { buttonClasses } from "#components/ui/button.tsx";
import type { Namespace } from "#lib/access.ts";
import type { SearchPage } from "#lib/search.ts";
import { searchAddress } from "./address.ts";
import { Found } from "./found.tsx";

interface ResultsProps {
  words: string;
  page: SearchPage;
  namespaces: Namespace[];
  /** This is not the first page. */
  later: boolean;
}

/** What was found, and what to know about it. */
export function Results({ words, page, namespaces, later }: ResultsProps) {
  const none = page.hits.length === 0;
  return (
    <>
      <div role="status" className="mt-5 grid gap-1 text-ui text-ink-2 empty:hidden">
        {page.problems.map((problem) => (
          <p key={problem}>{problem}</p>
        ))}
        {page.catchingUp && <p>Older conversations are still being prepared for the search. Look again in a while.</p>}
        {none && <p>{later ? "There is nothing more." : nothing(page)}</p>}
      </div>
      {!none && (
        <ul aria-label="Found conversations" className="mt-4 divide-y divide-line border-y border-line">
          {page.hits.map((hit) => (
            <Found key={hit.id} hit={hit} namespace={namespaces.find(({ type }) => type === hit.namespace)} />
          ))}
        </ul>
      )}
      <div className="mt-4 flex gap-2">
        {later && (
          <Link href={searchAddress(words)} className={buttonClasses()}>
            First results
          </Link>
        )}
        {page.next && (
          <Link href={searchAddress(words, page.next)} className={buttonClasses()}>
            More results
          </Link>
        )}
      </div>
    </>
  );
}

const nothing = ({ titlesOnly }: SearchPage): string =>
  titlesOnly
    ? "No title has these words. Try fewer or shorter ones."
    : "Nothing has all these words. Try fewer or shorter ones.";
