import type { InStatement } from "@libsql/client";
import { and, eq, sql } from "drizzle-orm";
import { client, database } from "#db/client.ts";
import { lookup } from "#db/lookup.ts";
import { conversations } from "#db/schema.ts";
import { rowInsert, statement } from "#db/statements.ts";
import type { Conversation, Namespace, Owned, User } from "./access.ts";
import { AppError } from "./errors.ts";
import { announce } from "./inbox.ts";
import { arrived } from "./search/arrivals.ts";
import { indexTitle } from "./search/documents.ts";
import { newId } from "./sessions/ids.ts";
import { titleOfFirst } from "./titles.ts";

const longestTitle = 200;

/** The row of a conversation that begins with this text; whoever stores the first message inserts it. */
export function newConversation(user: User, namespace: string, firstText: string, now: number): Conversation {
  return {
    id: newId(now),
    userId: user.id,
    namespace,
    title: titleOfFirst(firstText),
    titleFrom: "first",
    store: "libsql",
    metadata: {},
    pinnedAt: null,
    archivedAt: null,
    deletedAt: null,
    activeAt: now,
    readAt: now,
    createdAt: now,
  };
}

/** The statement that adds a conversation, for the batch that writes its history. */
export const insertConversation = rowInsert(conversations);

const changing = ({ id }: Owned<Conversation>, values: Partial<Conversation>) =>
  database().update(conversations).set(values).where(eq(conversations.id, id));

async function change(conversation: Owned<Conversation>, values: Partial<Conversation>): Promise<void> {
  await changing(conversation, values);
  announce(conversation.userId, conversation.id);
}

/** Gives it the person's own title, which no made one replaces. Answers the title as it is kept. */
export async function rename(conversation: Owned<Conversation>, wanted: string): Promise<string> {
  const title = wanted
    .toWellFormed()
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim();
  if (title === "")
    throw new AppError("invalid", "A title needs at least one character. Type one, or keep the old title.");
  if (title.length > longestTitle) {
    throw new AppError(
      "invalid",
      `A title has ${longestTitle} characters at most, and this one has ${title.length}. Shorten it.`,
    );
  }
  await client().batch(
    [statement(changing(conversation, { title, titleFrom: "person" })), indexTitle(conversation.id, title)],
    "write",
  );
  arrived();
  announce(conversation.userId, conversation.id);
  return title;
}

/**
 * Says that something happened in a conversation just now, and names it after what was said, once:
 * a title that was made before, or that a person gave, stays. For the batch that writes what happened.
 */
export function noteActivity(conversation: string, at: number, title?: string): InStatement {
  if (title === undefined) {
    return { sql: "UPDATE conversations SET active_at = ? WHERE id = ?", args: [at, conversation] };
  }
  return {
    sql: `UPDATE conversations SET active_at = ?, title = iif(title_from = 'first', ?, title),
          title_from = iif(title_from = 'first', 'made', title_from) WHERE id = ?`,
    args: [at, title, conversation],
  };
}

const findTitle = lookup({ title: conversations.title }, (columns) =>
  database()
    .select(columns)
    .from(conversations)
    .where(eq(conversations.id, sql.placeholder("id")))
    .prepare(),
);

/** What a conversation is called now. */
export async function titleOf(conversation: string): Promise<string | undefined> {
  return (await findTitle({ id: conversation }))?.title;
}

/** Keeps it above the others of its namespace. */
export async function pin(conversation: Owned<Conversation>, now: number): Promise<void> {
  await change(conversation, { pinnedAt: now });
}

export async function unpin(conversation: Owned<Conversation>): Promise<void> {
  await change(conversation, { pinnedAt: null });
}

/** Puts it into another namespace of the same person. */
export async function move(conversation: Owned<Conversation>, namespace: Owned<Namespace>): Promise<void> {
  await change(conversation, { namespace: namespace.type });
}

/** Takes it out of the list without losing it. */
export async function archive(conversation: Owned<Conversation>, now: number): Promise<void> {
  await change(conversation, { archivedAt: now });
}

export async function unarchive(conversation: Owned<Conversation>): Promise<void> {
  await change(conversation, { archivedAt: null });
}

/** Puts it into the bin, from where `restore` takes it back. */
export async function remove(conversation: Owned<Conversation>, now: number): Promise<void> {
  await change(conversation, { deletedAt: now });
}

export async function restore(conversation: Owned<Conversation>): Promise<void> {
  await change(conversation, { deletedAt: null });
}

/** The person has seen all that is in it. */
export async function markRead(conversation: Owned<Conversation>, now: number): Promise<void> {
  await change(conversation, { readAt: now });
}

/** Everything in one namespace into another, the archived and the binned too; for a batch. */
export function moveAll(from: Owned<Namespace>, to: Namespace) {
  return database()
    .update(conversations)
    .set({ namespace: to.type })
    .where(and(eq(conversations.userId, from.userId), eq(conversations.namespace, from.type)));
}
