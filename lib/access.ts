import { and, eq, getTableColumns, sql } from "drizzle-orm";
import { database } from "#db/client.ts";
import { lookup } from "#db/lookup.ts";
import { conversations, namespaces, queuedMessages, runs } from "#db/schema.ts";
import { notFound } from "./errors.ts";

/** Who is asking. Made by `auth.ts` from the request, and nowhere else. */
export interface User {
  id: string;
  name: string | null;
  email: string | null;
  role: "owner" | "member" | "guest";
}

declare const owned: unique symbol;

/** A row that was reached by its owner. Only this file makes one, so a forgotten check does not compile. */
export type Owned<T> = T & { readonly [owned]: true };

export type Conversation = typeof conversations.$inferSelect;
export type Namespace = typeof namespaces.$inferSelect;
export type Run = typeof runs.$inferSelect;
export type QueuedMessage = typeof queuedMessages.$inferSelect;

function own<T>(row: T | undefined, what: string): Owned<T> {
  if (!row) throw notFound(what);
  return row as Owned<T>;
}

const findConversation = lookup(getTableColumns(conversations), (columns) =>
  database()
    .select(columns)
    .from(conversations)
    .where(and(eq(conversations.id, sql.placeholder("id")), eq(conversations.userId, sql.placeholder("userId"))))
    .prepare(),
);

/** The person's conversation with this id, also one in the bin when asked for. Throws `not_found`. */
export async function ownConversation(
  user: Pick<User, "id">,
  id: string,
  { binned = false } = {},
): Promise<Owned<Conversation>> {
  const row = await findConversation({ id, userId: user.id });
  return own(row && (binned || row.deletedAt === null) ? row : undefined, "conversation");
}

const findNamespace = lookup(getTableColumns(namespaces), (columns) =>
  database()
    .select(columns)
    .from(namespaces)
    .where(and(eq(namespaces.userId, sql.placeholder("userId")), eq(namespaces.type, sql.placeholder("type"))))
    .prepare(),
);

/** The person's namespace of this type. Throws `not_found`. */
export async function ownNamespace(user: User, type: string): Promise<Owned<Namespace>> {
  return own(await findNamespace({ userId: user.id, type }), "namespace");
}

const findRun = lookup(getTableColumns(runs), (columns) =>
  database()
    .select(columns)
    .from(runs)
    .where(and(eq(runs.id, sql.placeholder("id")), eq(runs.userId, sql.placeholder("userId"))))
    .prepare(),
);

/** The person's run with this id. Throws `not_found`. */
export async function ownRun(user: Pick<User, "id">, id: string): Promise<Owned<Run>> {
  return own(await findRun({ id, userId: user.id }), "run");
}

/** The person's message with this id that still waits to be sent. Throws `not_found`. */
export async function ownQueuedMessage(user: User, id: string): Promise<Owned<QueuedMessage>> {
  const row = await database()
    .select()
    .from(queuedMessages)
    .where(and(eq(queuedMessages.id, id), eq(queuedMessages.userId, user.id)))
    .get();
  return own(row, "waiting message");
}

/** The user, when this is who is meant. Throws `not_found`: somebody else has signed in meanwhile. */
export function asPerson(user: User, id: string | undefined): Owned<User> {
  return own(id === undefined || id === user.id ? user : undefined, "person");
}

/** The user as the owner of this instance. Throws `not_found`: who is not the owner sees no such page. */
export function asInstanceOwner(user: User): Owned<User> {
  return own(user.role === "owner" ? user : undefined, "page");
}
