import type { Namespace, User } from "./access.ts";
import {
  type ConversationRow,
  type Cursor,
  countConversations,
  listConversations,
  listPinned,
} from "./conversation-rows.ts";
import { listNamespaces } from "./namespaces.ts";

/** A namespace in the sidebar, and where its list goes on. */
export interface SidebarNamespace {
  type: string;
  label: string;
  color: string;
  defaultAgent: string;
  retentionDays: number | null;
  count: number;
  next: Cursor | null;
}

/** All that the sidebar shows at first. */
export interface SidebarContents {
  namespaces: SidebarNamespace[];
  rows: ConversationRow[];
  archived: number;
}

const firstRows = 20;

/** The person's namespaces with the newest conversations of each, and the pinned ones. */
export async function sidebarContents(user: User): Promise<SidebarContents> {
  const [namespaces, counts, pinned] = await Promise.all([
    listNamespaces(user),
    countConversations(user),
    listPinned(user),
  ]);
  const shown = [...namespaces, ...unnamed(Object.keys(counts.byNamespace), namespaces)];
  const pages = await Promise.all(
    shown.map(({ type }) => listConversations(user, { namespace: type, limit: firstRows })),
  );
  return {
    namespaces: shown.map(({ type, label, color, defaultAgent, retentionDays }, place) => ({
      type,
      label,
      color,
      defaultAgent,
      retentionDays,
      count: counts.byNamespace[type] ?? 0,
      next: pages[place]?.next ?? null,
    })),
    rows: [...pinned, ...pages.flatMap((page) => page.rows)],
    archived: counts.archived,
  };
}

/** Conversations whose namespace was removed while they were begun are shown under its old name. */
function unnamed(types: string[], namespaces: Namespace[]): Omit<SidebarNamespace, "count" | "next">[] {
  return types
    .filter((type) => !namespaces.some((namespace) => namespace.type === type))
    .map((type) => ({ type, label: type, color: "triage", defaultAgent: "assistant", retentionDays: null }));
}
