import { and, eq, isNotNull, sql } from "drizzle-orm";
import { z } from "zod";
import { database } from "#db/client.ts";
import { conversations, runStatuses, runs } from "#db/schema.ts";
import { statement } from "#db/statements.ts";
import { ownConversation, type User } from "#lib/access.ts";
import { insertConversation, restore } from "#lib/conversations.ts";
import { textOf } from "#lib/runs/parts.ts";
import { indexTitle } from "#lib/search/documents.ts";
import type { Change } from "#lib/sessions/store.ts";
import { titleOfFirst } from "#lib/titles.ts";
import { importedId, type Prepared } from "./prepare.ts";
import { store } from "./store.ts";
import type { Notes } from "./tree.ts";

/** What an earlier import of this person brought in. */
export interface Known {
  /** By the id that the content makes: whether it lies in the bin. */
  binned: Map<string, boolean>;
  /** What the sources call their conversations. */
  sources: Set<string>;
}

export const sourceKey = ({ kind, source }: Pick<Prepared, "kind" | "source">): string => `${kind} ${source}`;

export async function knownImports(user: User): Promise<Known> {
  const kind = sql<string | null>`${conversations.metadata} ->> '$.imported.kind'`;
  const source = sql<string | null>`${conversations.metadata} ->> '$.imported.source'`;
  const rows = await database()
    .select({ id: conversations.id, kind, source, deletedAt: conversations.deletedAt })
    .from(conversations)
    .where(and(eq(conversations.userId, user.id), isNotNull(kind)));
  return {
    binned: new Map(rows.map(({ id, deletedAt }) => [id, deletedAt !== null])),
    sources: new Set(rows.map((row) => `${row.kind} ${row.source}`)),
  };
}

const longestTitle = 200;

export function titleOf({ title, change }: Pick<Prepared, "title" | "change">): string {
  const clean = (title ?? "")
    .toWellFormed()
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim();
  if (clean !== "") return [...clean].slice(0, longestTitle).join("");
  const first = change.items?.find(({ item }) => "role" in item && item.role === "user");
  return titleOfFirst(first ? textOf(first.item) : "");
}

/** Writes a conversation, all of it or nothing. False when it is there already. */
export async function writeImported(user: User, namespace: string, prepared: Prepared, now: number): Promise<boolean> {
  const { kind, source, digest, change, createdAt, archived, pinned, metadata } = prepared;
  const id = importedId(user.id, prepared);
  const title = titleOf(prepared);
  const activeAt = Math.min(prepared.updatedAt, now);
  const row = {
    id,
    userId: user.id,
    namespace,
    title,
    titleFrom: prepared.title ? ("person" as const) : ("made" as const),
    store: "libsql",
    metadata: { ...metadata, imported: { kind, source, digest, at: now } },
    pinnedAt: pinned ? now : null,
    archivedAt: archived ? now : null,
    deletedAt: null,
    activeAt,
    readAt: now,
    createdAt: Math.min(createdAt, now),
  };
  const also = [insertConversation(row), indexTitle(id, title), ...runStatements(user, id, prepared, change)];
  return store(id, change, also);
}

/** Takes an imported conversation out of the bin again. */
export async function restoreImported(user: User, id: string): Promise<void> {
  await restore(await ownConversation(user, id, { binned: true }));
}

const moment = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const runOfDocument = z.object({
  id: z.string().min(1),
  branch: z.string().nullish(),
  status: z.enum(runStatuses),
  agent: z.string(),
  model: z.string().nullish(),
  position: z.number().int().nonnegative(),
  usage: z.object({ requests: z.number(), inputTokens: z.number(), outputTokens: z.number() }).nullish().catch(null),
  error: z.object({ code: z.string(), message: z.string() }).nullish().catch(null),
  created_at: moment,
  finished_at: moment.nullish(),
});

const runsPerStatement = 200;

/** How the answers came about. A run that was live when it was exported did not end here. */
function runStatements(user: User, conversationId: string, { runs: told, notes }: Prepared, change: Change) {
  const branches = new Map(change.branches?.map(({ name, id }) => [name, id]));
  const rows = told.flatMap((value) => readRun(value, notes, { conversationId, userId: user.id }, branches));
  const statements = [];
  for (let start = 0; start < rows.length; start += runsPerStatement) {
    statements.push(
      statement(
        database()
          .insert(runs)
          .values(rows.slice(start, start + runsPerStatement)),
      ),
    );
  }
  return statements;
}

function readRun(
  value: unknown,
  notes: Notes,
  belongs: { conversationId: string; userId: string },
  branches: ReadonlyMap<string, string>,
): (typeof runs.$inferInsert)[] {
  const parsed = runOfDocument.safeParse(value);
  if (!parsed.success) {
    notes.add("What the file says of how an answer came about could not be read.");
    return [];
  }
  const { id, branch, status, agent, model, position, usage, error, created_at, finished_at } = parsed.data;
  const live = status === "queued" || status === "running" || status === "waiting";
  return [
    {
      ...belongs,
      id,
      branchId: branches.get(branch ?? "") ?? `gone-${id}`,
      status: live ? "interrupted" : status,
      agent,
      model: model ?? null,
      position,
      usage: usage ?? null,
      error: error ?? null,
      createdAt: created_at,
      finishedAt: finished_at ?? created_at,
    },
  ];
}
