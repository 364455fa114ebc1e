import type { Metadata } from "next";
import { cookies } from "next/headers";
import { PageFrame } from "#components/pages/frame.tsx";
import { Filters } from "#components/search/filters.tsx";
import { SearchForm } from "#components/search/form.tsx";
import { Hints } from "#components/search/hints.tsx";
import { Results } from "#components/search/results.tsx";
import { timeZoneCookie } from "#components/search/time-zone.ts";
import { publicAgents } from "#lib/agents/directory.ts";
import { page } from "#lib/guard.ts";
import { listNamespaces } from "#lib/namespaces.ts";
import { longestQuery } from "#lib/search/query.ts";
import { search } from "#lib/search.ts";

export const metadata: Metadata = { title: "Search" };

export default page(async (user, { query: { q = "", from } }) => {
  const words = q.trim().slice(0, longestQuery);
  const timeZone = (await cookies()).get(timeZoneCookie)?.value;
  const [found, namespaces] = await Promise.all([search(user, words, { from, timeZone }), listNamespaces(user)]);
  return (
    <PageFrame
      title="Search"
      about={
        found.titlesOnly
          ? "Titles of your conversations, archived ones too. Messages are encrypted on this server, so they are not looked through."
          : "Titles and messages of your conversations on every branch, archived ones too."
      }
    >
      <SearchForm words={words} />
      <Filters
        words={words}
        namespaces={namespaces.map(({ type, label }) => ({ value: type, label }))}
        agents={publicAgents.map(({ id, name }) => ({ value: id, label: name }))}
        titlesOnly={found.titlesOnly}
      />
      {words === "" ? (
        <Hints />
      ) : (
        <Results words={words} page={found} namespaces={namespaces} later={from !== undefined} />
      )}
    </PageFrame>
  );
});
