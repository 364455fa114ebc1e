import Link from "next/link";
import { LazyMap } from "#components/branches/lazy-map.tsx";
import { MapList } from "#components/branches/map-list.tsx";
import { SidebarButton } from "#components/sidebar/drawer-button.tsx";
import { ownConversation } from "#lib/access.ts";
import { page } from "#lib/guard.ts";
import { outlineOf } from "#lib/outline.ts";

export const generateMetadata = page(async (user, { params }) => {
  const { title } = await ownConversation(user, params.conversation ?? "");
  return { title: `Map of ${title}` };
});

const link = "shrink-0 text-note text-ink-2 underline underline-offset-4 hover:text-ink";

export default page(async (user, { params, query }) => {
  const conversation = await ownConversation(user, params.conversation ?? "");
  const { nodes, branches, end } = await outlineOf(conversation);
  const asList = query.view === "list";
  const address = `/c/${conversation.id}`;
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="flex h-14 shrink-0 items-center gap-3 border-b border-line px-3 sm:px-5">
        <SidebarButton />
        <h1 dir="auto" className="truncate text-[0.9375rem] font-semibold">
          Map of {conversation.title}
        </h1>
        <span className="shrink-0 text-small text-ink-2 tabular-nums max-sm:hidden">
          {branches} {branches === 1 ? "branch" : "branches"}
        </span>
        <Link href={asList ? `${address}/map` : `${address}/map?view=list`} className={`ml-auto ${link}`}>
          {asList ? "Show as a picture" : "Show as a list"}
        </Link>
        <Link href={address} className={link}>
          Back to the thread
        </Link>
      </header>
      <div className="min-h-0 flex-1 overflow-auto">
        {asList ? (
          <div className="grid gap-4 p-4">
            <MapList conversation={conversation.id} nodes={nodes} />
          </div>
        ) : (
          <LazyMap conversation={conversation.id} nodes={nodes} end={end} />
        )}
      </div>
    </div>
  );
});
