import { and, asc, count, eq, isNull } from "drizzle-orm";
import { database } from "#db/client.ts";
import { conversations, namespaces } from "#db/schema.ts";
import type { Namespace, Owned, User } from "./access.ts";
import { publicAgents } from "./agents/directory.ts";
import { moveAll } from "./conversations.ts";
import { AppError } from "./errors.ts";
import { namespaceColors } from "./palette.ts";

const starting = [
  { type: "general", label: "General", color: "assistant", defaultAgent: "assistant" },
  { type: "support", label: "Support", color: "support", defaultAgent: "triage" },
  { type: "orders", label: "Orders", color: "shopping", defaultAgent: "shopping" },
  { type: "project", label: "Project", color: "technical", defaultAgent: "technical" },
];

const longestLabel = 40;
const mostNamespaces = 50;
const mostDays = 36_500;

/** What a person decides about a namespace. */
export interface NamespaceWish {
  label: string;
  color: string;
  defaultAgent: string;
  /** After how many days without activity its conversations may be removed; null keeps them. */
  retentionDays: number | null;
}

/** The rows that a new account begins with. Their moments differ, so that they keep this order. */
export function startingNamespaces(userId: string, now = Date.now()): Namespace[] {
  return starting.map((one, place) => ({ ...one, userId, retentionDays: null, createdAt: now + place }));
}

/** A namespace as people and exports name it: `userId:type`. */
export const namespaceName = (user: Pick<User, "id">, type: string): string => `${user.id}:${type}`;

/** The person's namespaces, the oldest first. */
export async function listNamespaces(user: Pick<User, "id">): Promise<Namespace[]> {
  return database()
    .select()
    .from(namespaces)
    .where(eq(namespaces.userId, user.id))
    .orderBy(asc(namespaces.createdAt), asc(namespaces.type));
}

/** Adds a namespace; its type is made from the label and never changes. */
export async function createNamespace(user: User, wish: NamespaceWish, now: number): Promise<Namespace> {
  const present = await listNamespaces(user);
  if (present.length >= mostNamespaces) {
    throw new AppError("invalid", `You have ${mostNamespaces} namespaces, which is the most. Remove one first.`);
  }
  const values = check(wish, present);
  const namespace = { ...values, userId: user.id, type: freeType(values.label, present), createdAt: now };
  await database().insert(namespaces).values(namespace);
  return namespace;
}

/** Changes what is shown and decided about a namespace. */
export async function editNamespace(namespace: Owned<Namespace>, wish: NamespaceWish): Promise<Namespace> {
  const others = (await listNamespaces({ id: namespace.userId })).filter((other) => other.type !== namespace.type);
  const values = check(wish, others);
  await database().update(namespaces).set(values).where(here(namespace));
  return { ...namespace, ...values };
}

/**
 * Removes a namespace. Its conversations go to `to`; without that it must have none but those in
 * the bin, which go to the oldest of the others. The last namespace stays.
 */
export async function removeNamespace(namespace: Owned<Namespace>, to?: Owned<Namespace>): Promise<void> {
  const others = (await listNamespaces({ id: namespace.userId })).filter((other) => other.type !== namespace.type);
  const target = to ? others.find((other) => other.type === to.type) : others[0];
  if (!target) throw new AppError("invalid", "Your conversations need a namespace. Create another one first.");
  if (!to) await refuseWhileUsed(namespace);
  await database().batch([moveAll(namespace, target), database().delete(namespaces).where(here(namespace))]);
}

const here = ({ userId, type }: Namespace) => and(eq(namespaces.userId, userId), eq(namespaces.type, type));

async function refuseWhileUsed({ userId, type, label }: Namespace): Promise<void> {
  const kept = await database()
    .select({ count: count() })
    .from(conversations)
    .where(and(eq(conversations.userId, userId), eq(conversations.namespace, type), isNull(conversations.deletedAt)))
    .get();
  if (!kept?.count) return;
  const many = kept.count === 1 ? "one conversation" : `${kept.count} conversations`;
  throw new AppError("conflict", `${label} has ${many}. Choose a namespace to move them to, then remove it.`);
}

function check(wish: NamespaceWish, others: Namespace[]): NamespaceWish {
  const label = wish.label
    .toWellFormed()
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim();
  if (label === "") throw new AppError("invalid", "A namespace needs a name. Type one.");
  if (label.length > longestLabel) {
    throw new AppError("invalid", `A namespace's name has ${longestLabel} characters at most. Shorten it.`);
  }
  if (others.some((other) => other.label.toLocaleLowerCase() === label.toLocaleLowerCase())) {
    throw new AppError("conflict", `You have a namespace called ${label} already. Choose another name.`);
  }
  if (!namespaceColors.some(({ color }) => color === wish.color)) {
    throw new AppError("invalid", "There is no such colour. Choose one of those shown.");
  }
  if (!publicAgents.some(({ id }) => id === wish.defaultAgent)) {
    throw new AppError("invalid", "There is no such agent. Choose one of those shown.");
  }
  const days = wish.retentionDays;
  if (days !== null && !(Number.isInteger(days) && days >= 1 && days <= mostDays)) {
    throw new AppError(
      "invalid",
      `Days are a whole number from 1 to ${mostDays}. Leave it empty to keep conversations.`,
    );
  }
  return { label, color: wish.color, defaultAgent: wish.defaultAgent, retentionDays: days };
}

/** "Réisen & Pläne" becomes "reisen-plane", with a number behind it where that is taken. */
function freeType(label: string, present: Namespace[]): string {
  const plain = label.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const base = plain.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "namespace";
  const taken = new Set(present.map(({ type }) => type));
  let number = 1;
  const type = () => (number === 1 ? base : `${base}-${number}`);
  while (taken.has(type())) number += 1;
  return type();
}
