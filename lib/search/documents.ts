import type { InStatement, InValue } from "@libsql/client";
import { env } from "#env.ts";
import { textOf } from "#lib/runs/parts.ts";
import type { Append, Change, NewItem } from "#lib/sessions/store.ts";
import { takingIn } from "./arrivals.ts";
import { messageEntry, titleEntry } from "./match.ts";

/**
 * What puts texts into the index, by way of the arrivals, and takes them out: statements for the batch that writes or
 * removes the texts themselves. What removes a conversation's row removes its texts too, by a trigger.
 */

/** An index would show what encryption hides, so with encrypted histories only titles are in it. */
export const indexesMessages: boolean = env.SESSION_ENCRYPTION_KEYS === undefined;

/** Where a title stands: in a place of its own beside the history. */
const titlePosition = -1;
const textsPerStatement = 200;

/**
 * Puts a title into the index, in place of an earlier one. It runs after the row was written, and does
 * nothing when the row has another title.
 */
export function indexTitle(conversation: string, title: string): Insert {
  return {
    sql: `${insertion} SELECT id, id, ?, created_at, ? FROM conversations WHERE id = ? AND title = ?`,
    args: [titlePosition, titleEntry(title), conversation, title],
  };
}

const insertion = "INSERT INTO search_arrivals (conversation, segment, position, created_at, words)";

interface Insert {
  sql: string;
  args: InValue[];
}

/**
 * Puts what a change adds into the index, and takes out what it removes. Runs after the change, in
 * the same batch, and takes a title that is written there along: each statement has its price.
 */
export function indexChange(conversation: string, change: Change, title?: string): InStatement[] {
  if (!indexesMessages) return title === undefined ? [] : [indexTitle(conversation, title)];
  const removes = (change.removeSegments?.length ?? 0) + (change.removeItems?.length ?? 0) > 0;
  return [
    // What is removed may have arrived a moment ago.
    ...(removes ? takingIn("conversation = ?", [conversation]) : []),
    ...(change.removeSegments ?? []).map((segment) => {
      return { sql: "DELETE FROM search_scopes WHERE segment = ?", args: [segment] };
    }),
    ...(change.removeItems ?? []).map(({ segment, from, to }) => ({
      sql: `DELETE FROM search_documents WHERE scope = (SELECT number FROM search_scopes WHERE segment = ?)
        AND position >= ? AND position < ?`,
      args: [segment, from, to],
    })),
    ...(change.append ? indexAppend(conversation, change.append) : []),
    ...indexItems(conversation, change.items ?? [], title),
  ];
}

/** Puts stored items into the index, those that have words to be found, and with them the title, if one is given. */
export function indexItems(
  conversation: string,
  items: readonly (NewItem & { segment: string; position: number })[],
  title?: string,
): InStatement[] {
  const rows = items.flatMap((item): InValue[][] => {
    const words = entryOf(item);
    return words ? [[conversation, item.segment, item.position, item.createdAt, words]] : [];
  });
  if (title === undefined) return inParts(rows).map((part) => insert(part));
  const named = indexTitle(conversation, title);
  const [first, ...others] = inParts(rows);
  return first ? [insert(first, named), ...others.map((part) => insert(part))] : [named];
}

/** As `indexItems`, for items whose place is known only when they are there: the last ones of their branch. */
function indexAppend(conversation: string, { branch, items }: Append): InStatement[] {
  const rows = items.flatMap((item, place): InValue[][] => {
    const words = entryOf(item);
    return words ? [[place - items.length, item.createdAt, words]] : [];
  });
  return inParts(rows).map((part) => ({
    sql: `${insertion}
      SELECT b.session, b.segment, b.length + v.column1, v.column2, v.column3
      FROM sessions_branches b CROSS JOIN (VALUES ${part.map(() => "(?, ?, ?)").join(", ")}) v
      WHERE b.session = ? AND b.id = ?`,
    args: [...part.flat(), conversation, branch],
  }));
}

function insert(rows: InValue[][], also?: Insert): InStatement {
  const places = rows.map((row) => `(${row.map(() => "?").join(", ")})`).join(", ");
  const more = also ? ` UNION ALL${also.sql.slice(insertion.length)}` : "";
  return { sql: `${insertion} VALUES ${places}${more}`, args: [...rows.flat(), ...(also?.args ?? [])] };
}

function inParts<Row>(rows: Row[]): Row[][] {
  const parts: Row[][] = [];
  for (let start = 0; start < rows.length; start += textsPerStatement) {
    parts.push(rows.slice(start, start + textsPerStatement));
  }
  return parts;
}

/** What is said is found, by whomever; what tools were told and answered is not. */
function entryOf({ item, agent }: NewItem): string | undefined {
  if (!("role" in item) || (item.role !== "user" && item.role !== "assistant")) return undefined;
  const text = textOf(item);
  return text.trim() === "" ? undefined : messageEntry(text, item.role === "user" ? null : agent);
}
