import type { ConversationPage, ConversationRow, Cursor } from "#lib/conversation-rows.ts";
import type { SidebarContents } from "#lib/sidebar.ts";

/** What the sidebar knows, and how each thing that happens changes it. Pure. */

export interface Known extends Omit<SidebarContents, "rows"> {
  rows: ReadonlyMap<string, ConversationRow>;
  /** Where the archived ones go on; undefined until they were asked for. */
  archivedNext: Cursor | null | undefined;
}

export function knownFrom(contents: SidebarContents): Known {
  return { ...contents, rows: mapOf(contents.rows), archivedNext: undefined };
}

const mapOf = (rows: Iterable<ConversationRow>) => new Map([...rows].map((row) => [row.id, row]));

/** Newest activity first; of the same moment the later id. */
export const newestFirst = (one: Cursor, other: Cursor): number =>
  other.activeAt - one.activeAt || (other.id > one.id ? 1 : other.id < one.id ? -1 : 0);

/** What a list shows of one namespace: pinned first, and nothing older than what was loaded without a gap. */
export function rowsOf({ rows, namespaces }: Known, type: string): ConversationRow[] {
  const next = namespaces.find((namespace) => namespace.type === type)?.next ?? null;
  return [...rows.values()]
    .filter((row) => row.namespace === type && !row.archived)
    .filter((row) => row.pinned || isLoaded(row, next))
    .sort((one, other) => Number(other.pinned) - Number(one.pinned) || newestFirst(one, other));
}

export function archivedRows({ rows, archivedNext }: Known): ConversationRow[] {
  if (archivedNext === undefined) return [];
  return [...rows.values()].filter((row) => row.archived && isLoaded(row, archivedNext)).sort(newestFirst);
}

const isLoaded = (row: ConversationRow, next: Cursor | null) => next === null || newestFirst(row, next) <= 0;

/** Adds the next page of a namespace. */
export function withPage(known: Known, type: string, page: ConversationPage): Known {
  return {
    ...known,
    rows: new Map([...known.rows, ...mapOf(page.rows)]),
    namespaces: known.namespaces.map((each) => (each.type === type ? { ...each, next: page.next } : each)),
  };
}

/** Adds the next page of the archived ones. */
export function withArchivedPage(known: Known, page: ConversationPage): Known {
  return { ...known, rows: new Map([...known.rows, ...mapOf(page.rows)]), archivedNext: page.next };
}

const added = (known: Known, row: ConversationRow): Known => ({ ...known, rows: new Map(known.rows).set(row.id, row) });

/** Changes a row that is known, and the counts with it. */
export function changed(known: Known, news: { id: string } & Partial<ConversationRow>): Known {
  const before = known.rows.get(news.id);
  if (!before) return known;
  const after = { ...before, ...news };
  if (after.namespace === before.namespace && after.archived === before.archived) return added(known, after);
  return counted(counted(added(known, after), before, -1), after, 1);
}

/** Forgets a row that is known, and counts one less. */
export function withoutRow(known: Known, id: string): Known {
  const row = known.rows.get(id);
  if (!row) return known;
  const rows = new Map(known.rows);
  rows.delete(id);
  return counted({ ...known, rows }, row, -1);
}

/** Takes back a row that was forgotten. */
export function withRowAgain(known: Known, row: ConversationRow): Known {
  return known.rows.has(row.id) ? known : counted(added(known, row), row, 1);
}

/** Takes a conversation as the server says it is; null when it is gone. */
export const withNews = (known: Known, { id, row }: { id: string; row: ConversationRow | null }): Known =>
  row ? changed(withRowAgain(known, row), row) : withoutRow(known, id);

function counted(known: Known, { namespace, archived }: ConversationRow, by: number): Known {
  if (archived) return { ...known, archived: known.archived + by };
  return {
    ...known,
    namespaces: known.namespaces.map((each) => (each.type === namespace ? { ...each, count: each.count + by } : each)),
  };
}

/** Takes the newest from the server and keeps the older rows that were loaded before, where no gap opens between. */
export function refreshed(known: Known, contents: SidebarContents): Known {
  const fresh = mapOf(contents.rows);
  const reached = new Map(known.namespaces.map(({ type, next }) => [type, next]));
  const namespaces = contents.namespaces.map((each) => {
    const before = reached.get(each.type);
    const last = each.next && known.rows.get(each.next.id);
    const joins = before !== undefined && last?.namespace === each.type && isLoaded(last, before);
    return { ...each, next: joins ? before : each.next };
  });
  const nextOf = new Map(contents.namespaces.map(({ type, next }) => [type, next]));
  const older = [...known.rows.values()].filter((row) => {
    if (fresh.has(row.id) || row.pinned) return false;
    if (row.archived) return true;
    const next = nextOf.get(row.namespace);
    return next ? newestFirst(row, next) > 0 : false;
  });
  return {
    archived: contents.archived,
    archivedNext: known.archivedNext,
    namespaces,
    rows: new Map([...mapOf(older), ...fresh]),
  };
}
