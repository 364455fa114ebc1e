import type { InValue } from "@libsql/client";
import { z } from "zod";
import { client } from "#db/client.ts";
import type { User } from "#lib/access.ts";
import { type Asked, matchOf } from "./match.ts";

/** What may be among the hits, straight from the index: always the person's own, and nothing from the bin. */

/** A text in the index that has what was asked for. */
export interface Candidate {
  id: number;
  conversation: string;
  segment: string;
  position: number;
  /** How well it fits by its words alone; 0 where that was not asked for. */
  rank: number;
}

/** What a conversation must be like. Types of namespaces, any of them; none for all. */
export interface Wanted {
  namespaces?: readonly string[];
  archived: boolean;
  after?: number;
  before?: number;
}

const Found = z.array(z.tuple([z.number(), z.string(), z.string(), z.number(), z.number()]));
const idsPerSecond = 1_000_000;

/** The ids of texts follow the time at which they were written. */
const firstIdAt = (moment: number): number => Math.floor(Math.max(0, moment) / 1000) * idsPerSecond;
export const momentOf = ({ id }: Pick<Candidate, "id">): number => Math.floor(id / idsPerSecond) * 1000;

/** The numbers under which a person's words are in the index: their own, and those of guests that became them. */
export async function ownersOf(user: User): Promise<number[]> {
  const found = await client().execute({ sql: "SELECT number FROM search_owners WHERE user_id = ?", args: [user.id] });
  return found.rows.map((row) => Number(row.number));
}

/** The newest messages that fit, at most `limit`, written before the one with the id `below`. */
export async function findMessages(
  user: User,
  owners: readonly number[],
  asked: Omit<Asked, "kind" | "scopes">,
  { after, before, ...wanted }: Wanted,
  { below, limit, ranked }: { below?: number; limit: number; ranked: boolean },
): Promise<Candidate[]> {
  const end = before === undefined ? Number.MAX_SAFE_INTEGER : firstIdAt(before);
  const written = {
    sql: "search_index.rowid >= ? AND search_index.rowid < ?",
    args: [after === undefined ? 0 : firstIdAt(after), Math.min(below ?? end, end)],
  };
  return find(user, owners, { ...asked, kind: "message" }, wanted, written, { limit, ranked });
}

/** The titles that fit, those of the newest conversations, at most `limit`. */
export async function findTitles(
  user: User,
  owners: readonly number[],
  asked: Pick<Asked, "phrases">,
  { after, before, ...wanted }: Wanted,
  limit: number,
): Promise<Candidate[]> {
  const active = {
    sql: "c.active_at >= ? AND c.created_at < ?",
    args: [after ?? 0, before ?? Number.MAX_SAFE_INTEGER],
  };
  return find(user, owners, { ...asked, kind: "title" }, wanted, active, { limit, ranked: true });
}

type Shelf = Omit<Wanted, "after" | "before">;

/** All in one cell: the client's cost is by the cell. */
async function find(
  user: User,
  owners: readonly number[],
  asked: Asked,
  shelf: Shelf,
  when: { sql: string; args: InValue[] },
  { limit, ranked }: { limit: number; ranked: boolean },
): Promise<Candidate[]> {
  const scopes = await scopesOn(user, shelf);
  if (scopes?.length === 0) return [];
  const few = scopes && scopes.length <= mostScopes;
  const on = few ? everywhere : conditionOf(shelf);
  const { rows } = await client().execute({
    sql: `SELECT json_group_array(json_array(id, conversation, segment, position, rank)) FROM (
      SELECT search_index.rowid AS id, s.conversation, s.segment, d.position, ${ranked ? "-bm25(search_index)" : "0"} AS rank
      FROM search_index CROSS JOIN search_documents d ON d.id = search_index.rowid
      CROSS JOIN search_scopes s ON s.number = d.scope CROSS JOIN conversations c ON c.id = s.conversation
      WHERE search_index MATCH ? AND c.user_id = ? AND c.deleted_at IS NULL AND ${on.sql} AND ${when.sql}
      ORDER BY search_index.rowid DESC LIMIT ?)`,
    args: [matchOf(owners, few ? { ...asked, scopes } : asked), user.id, ...on.args, ...when.args, limit],
  });
  return Found.parse(JSON.parse(String(rows[0]?.[0]))).map(([id, conversation, segment, position, rank]) => {
    return { id, conversation, segment, position, rank };
  });
}

/** So many parts of conversations can be named to the index; of more of them it soon meets enough texts by itself. */
const mostScopes = 300;
const everywhere = { sql: "true", args: [] };

/** Where texts of these conversations stand, at most one more than the index is told; none when it may be all of them. */
async function scopesOn(user: User, shelf: Shelf): Promise<number[] | undefined> {
  const { sql, args } = conditionOf(shelf);
  if (sql === everywhere.sql) return undefined;
  const scopes = `SELECT s.number FROM conversations c CROSS JOIN search_scopes s ON s.conversation = c.id
    WHERE c.user_id = ? AND c.deleted_at IS NULL AND ${sql}`;
  const archived = { sql: `${scopes} AND c.archived_at IS NOT NULL`, args: [user.id, ...args] };
  const others = { sql: `${scopes} AND c.archived_at IS NULL`, args: [user.id, ...args] };
  // Each of the two halves has an index of its own.
  const parts = shelf.archived ? [archived] : [archived, others];
  const found = await client().execute({
    sql: `${parts.map((part) => part.sql).join(" UNION ALL ")} LIMIT ?`,
    args: [...parts.flatMap((part) => part.args), mostScopes + 1],
  });
  return found.rows.map((row) => Number(row[0]));
}

function conditionOf({ namespaces, archived }: Shelf): { sql: string; args: InValue[] } {
  if (!namespaces) return archived ? { sql: "c.archived_at IS NOT NULL", args: [] } : everywhere;
  const sql = `c.namespace IN (${namespaces.map(() => "?").join(", ")})`;
  return { sql: archived ? `${sql} AND c.archived_at IS NOT NULL` : sql, args: [...namespaces] };
}
