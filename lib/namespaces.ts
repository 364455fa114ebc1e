import { asc, eq } from "drizzle-orm";
import { database } from "#db/client.ts";
import { namespaces } from "#db/schema.ts";
import type { Namespace, User } from "./access.ts";

const starting = [
  { type: "general", label: "General", color: "assistant", defaultAgent: "assistant" },
  { type: "support", label: "Support", color: "support", defaultAgent: "triage" },
  { type: "orders", label: "Orders", color: "shopping", defaultAgent: "shopping" },
  { type: "project", label: "Project", color: "technical", defaultAgent: "technical" },
];

/** The rows that a new account begins with. Their moments differ, so that they keep this order. */
export function startingNamespaces(userId: string, now = Date.now()): Namespace[] {
  return starting.map((one, place) => ({ ...one, userId, retentionDays: null, createdAt: now + place }));
}

/** A namespace as people and exports name it: `userId:type`. */
export const namespaceName = (user: Pick<User, "id">, type: string): string => `${user.id}:${type}`;

/** The person's namespaces, the oldest first. */
export async function listNamespaces(user: User): Promise<Namespace[]> {
  return database()
    .select()
    .from(namespaces)
    .where(eq(namespaces.userId, user.id))
    .orderBy(asc(namespaces.createdAt), asc(namespaces.type));
}
