import { and, eq, inArray, isNull, lt, or, sql } from "drizzle-orm";
import { database } from "#db/client.ts";
import { conversations, namespaces, runEvents, runs, users } from "#db/schema.ts";
import { env } from "#env.ts";
import { history } from "./history.ts";
import { planSweep } from "./sessions/changes.ts";

/** What the sweep removed, or would remove. */
export interface Swept {
  /** Conversations that lay in the bin for long enough. */
  binned: number;
  /** Conversations that were kept for as long as their namespace, or RETENTION_DAYS, says. */
  expired: number;
  /** Guests who left nothing and have not come back. */
  guests: number;
  /** Rows of histories that no branch reaches any more. */
  unreachable: number;
}

const day = 24 * 60 * 60_000;
const binDays = 30;
const guestDays = 30;

/** Removes for good what nobody can want any more. A dry run changes nothing. */
export async function sweep({ dryRun = false, now = Date.now() } = {}): Promise<Swept> {
  const binned = await idsOfBinned(now);
  const expired = await idsOfExpired(now);
  const guests = await idsOfForgottenGuests(now);
  if (!dryRun) {
    for (const id of [...binned, ...expired]) await removeForGood(id);
    for (const id of guests) await database().delete(users).where(eq(users.id, id));
  }
  const unreachable = await sweepHistories(dryRun);
  return { binned: binned.length, expired: expired.length, guests: guests.length, unreachable };
}

async function idsOfBinned(now: number): Promise<string[]> {
  const rows = await database()
    .select({ id: conversations.id })
    .from(conversations)
    .where(lt(conversations.deletedAt, now - binDays * day));
  return rows.map(({ id }) => id);
}

/** A pinned conversation is kept whatever its age. */
async function idsOfExpired(now: number): Promise<string[]> {
  const days = sql<number>`coalesce(${namespaces.retentionDays}, ${env.RETENTION_DAYS ?? null})`;
  const rows = await database()
    .select({ id: conversations.id })
    .from(conversations)
    .leftJoin(
      namespaces,
      and(eq(namespaces.userId, conversations.userId), eq(namespaces.type, conversations.namespace)),
    )
    .where(
      and(
        isNull(conversations.pinnedAt),
        or(isNull(conversations.deletedAt), sql`${conversations.deletedAt} >= ${now - binDays * day}`),
        sql`${days} is not null and ${conversations.activeAt} < ${now} - ${days} * ${day}`,
      ),
    );
  return rows.map(({ id }) => id);
}

async function idsOfForgottenGuests(now: number): Promise<string[]> {
  const rows = await database()
    .select({ id: users.id })
    .from(users)
    .where(
      and(
        eq(users.role, "guest"),
        lt(users.createdAt, now - guestDays * day),
        sql`not exists (select 1 from ${conversations} where ${conversations.userId} = ${users.id})`,
      ),
    );
  return rows.map(({ id }) => id);
}

/** The history goes first: if the process dies in between, the next sweep finds the conversation again. */
async function removeForGood(id: string): Promise<void> {
  await history().remove(id);
  const ofConversation = database().select({ id: runs.id }).from(runs).where(eq(runs.conversationId, id));
  await database().batch([
    database().delete(runEvents).where(inArray(runEvents.run, ofConversation)),
    database().delete(runs).where(eq(runs.conversationId, id)),
    database().delete(conversations).where(eq(conversations.id, id)),
  ]);
}

async function sweepHistories(dryRun: boolean): Promise<number> {
  let found = 0;
  for await (const id of history().list()) {
    const state = await history().load(id);
    const change = state && planSweep(state);
    if (!change) continue;
    found += (change.removeSegments?.length ?? 0) + (change.removeItems?.length ?? 0);
    if (!dryRun) await history().commit(id, change);
  }
  return found;
}
