import { and, count, desc, eq, inArray, isNotNull, isNull, type SQL, sql } from "drizzle-orm";
import { database } from "#db/client.ts";
import { conversations, notOver, runs } from "#db/schema.ts";
import type { User } from "./access.ts";

/** A conversation as a list shows it. */
export interface ConversationRow {
  id: string;
  title: string;
  namespace: string;
  activeAt: number;
  pinned: boolean;
  archived: boolean;
  /** An agent finished something that the person has not opened yet. */
  unread: boolean;
  /** What its runs are about: one waits for the person, one is being written, or the newest has failed and was not seen yet. */
  status: "running" | "waiting" | "failed" | null;
}

/** The place after a row: pages go on from it whatever has happened in the meantime. */
export interface Cursor {
  activeAt: number;
  id: string;
}

/** A place in a list as an address carries it: "1763800000000.01K...". */
export const placeName = ({ activeAt, id }: Cursor): string => `${activeAt}.${id}`;

export function placeFrom(name: string | undefined): Cursor | undefined {
  const [, activeAt, id] = /^(\d{1,15})\.(\w{1,64})$/.exec(name ?? "") ?? [];
  return activeAt && id ? { activeAt: Number(activeAt), id } : undefined;
}

export interface ConversationPage {
  rows: ConversationRow[];
  next: Cursor | null;
}

export interface Place {
  before?: Cursor;
  limit?: number;
}

export interface ListOptions extends Place {
  namespace?: string;
  archived?: boolean;
}

const mostPinned = 100;

/** A page of the person's conversations, newest activity first; the pinned ones stand in `listPinned`. */
export async function listConversations(user: User, options: ListOptions = {}): Promise<ConversationPage> {
  const { namespace, archived = false, ...place } = options;
  const shelf = archived
    ? isNotNull(conversations.archivedAt)
    : and(isNull(conversations.archivedAt), isNull(conversations.pinnedAt));
  return pageOf(user, and(shelf, namespace === undefined ? undefined : eq(conversations.namespace, namespace)), place);
}

/** The newest of the person's conversations that fit, after `before`. */
export async function pageOf(
  user: User,
  condition: SQL | undefined,
  { before, limit = 30 }: Place,
): Promise<ConversationPage> {
  const after = before && sql`(${conversations.activeAt}, ${conversations.id}) < (${before.activeAt}, ${before.id})`;
  const rows = await rowsWhere(user, and(condition, after))
    .orderBy(desc(conversations.activeAt), desc(conversations.id))
    .limit(limit + 1);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return { rows: rows.slice(0, limit).map(shown), next: last ? { activeAt: last.activeAt, id: last.id } : null };
}

/** The person's pinned conversations of all namespaces, the last pinned first. */
export async function listPinned(user: User): Promise<ConversationRow[]> {
  const rows = await rowsWhere(user, and(isNotNull(conversations.pinnedAt), isNull(conversations.archivedAt)))
    .orderBy(desc(conversations.pinnedAt))
    .limit(mostPinned);
  return rows.map(shown);
}

/** Those of these conversations that are the person's and not in the bin, as they are now. */
export async function listByIds(user: User, ids: string[]): Promise<ConversationRow[]> {
  const rows = await rowsWhere(user, inArray(conversations.id, ids));
  return rows.map(shown);
}

/** How many conversations each namespace has, without the archived ones, and how many are archived. */
export async function countConversations(
  user: User,
): Promise<{ byNamespace: Record<string, number>; archived: number }> {
  const kept = and(eq(conversations.userId, user.id), isNull(conversations.deletedAt));
  const [groups, archived] = await database().batch([
    database()
      .select({ namespace: conversations.namespace, count: count() })
      .from(conversations)
      .where(and(kept, isNull(conversations.archivedAt)))
      .groupBy(conversations.namespace),
    database()
      .select({ count: count() })
      .from(conversations)
      .where(and(kept, isNotNull(conversations.archivedAt))),
  ]);
  return {
    byNamespace: Object.fromEntries(groups.map((group) => [group.namespace, group.count])),
    archived: archived[0]?.count ?? 0,
  };
}

/** The run that a row speaks of: one that waits for the person, else one that is live on any branch, else the newest. */
const tellingRun = sql`coalesce(
  (select id from runs as live where live.conversation_id = ${conversations.id}
    and ${notOver} order by live.status = 'waiting' desc, live.created_at desc limit 1),
  (select id from runs as newest where newest.conversation_id = ${conversations.id} order by newest.created_at desc limit 1)
)`;

/** Rows for a list: always this person's, never what is in the bin. */
function rowsWhere(user: User, condition: SQL | undefined) {
  return database()
    .select({
      id: conversations.id,
      title: conversations.title,
      namespace: conversations.namespace,
      activeAt: conversations.activeAt,
      readAt: conversations.readAt,
      pinnedAt: conversations.pinnedAt,
      archivedAt: conversations.archivedAt,
      status: runs.status,
      finishedAt: runs.finishedAt,
    })
    .from(conversations)
    .leftJoin(runs, eq(runs.id, tellingRun))
    .where(and(eq(conversations.userId, user.id), isNull(conversations.deletedAt), condition))
    .$dynamic();
}

type ReadRow = Awaited<ReturnType<typeof rowsWhere>>[number];

function shown({ readAt, pinnedAt, archivedAt, status, finishedAt, ...row }: ReadRow): ConversationRow {
  const unread = finishedAt !== null && finishedAt > readAt;
  const failed = unread && (status === "failed" || status === "interrupted");
  const live = status === "queued" || status === "running" ? "running" : status === "waiting" ? "waiting" : null;
  return {
    ...row,
    pinned: pinnedAt !== null,
    archived: archivedAt !== null,
    unread,
    status: live ?? (failed ? "failed" : null),
  };
}
