import type { Metadata } from "next";
import { PageFrame } from "#components/pages/frame.tsx";
import { SearchForm } from "#components/pages/search-form.tsx";
import { SearchResults } from "#components/pages/search-results.tsx";
import { page } from "#lib/guard.ts";
import { listNamespaces } from "#lib/namespaces.ts";
import { placeFrom, searchConversations } from "#lib/search.ts";

export const metadata: Metadata = { title: "Search" };

export default page(async (user, { query: { q = "", before } }) => {
  const words = q.trim().slice(0, 200);
  const [found, namespaces] = await Promise.all([
    searchConversations(user, words, { before: placeFrom(before) }),
    listNamespaces(user),
  ]);
  return (
    <PageFrame title="Search" about="Titles of your conversations, archived ones too.">
      <SearchForm words={words} />
      {words !== "" && (
        <SearchResults words={words} found={found} namespaces={namespaces} later={before !== undefined} />
      )}
    </PageFrame>
  );
});
