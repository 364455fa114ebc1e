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

const Found = z.tuple([z.number(), z.string(), z.string(), z.number(), z.number()]);
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
  asked: Omit<Asked, "kind">,
  { after, before, ...wanted }: Wanted,
  { below, limit, ranked }: { below?: number; limit: number; ranked: boolean },
): Promise<Candidate[]> {
  const to = Math.min(
    below ?? Number.MAX_SAFE_INTEGER,
    before === undefined ? Number.MAX_SAFE_INTEGER : firstIdAt(before),
  );
  return find(user, matchOf(owners, { ...asked, kind: "message" }), wanted, {
    condition: "search_index.rowid >= ? AND search_index.rowid < ?",
    args: [after === undefined ? 0 : firstIdAt(after), to],
    limit,
    ranked,
  });
}

/** The titles that fit, those of the newest conversations, at most `limit`. */
export async function findTitles(
  user: User,
  owners: readonly number[],
  asked: Pick<Asked, "phrases">,
  { after, before, ...wanted }: Wanted,
  limit: number,
): Promise<Candidate[]> {
  return find(user, matchOf(owners, { ...asked, kind: "title" }), wanted, {
    condition: "c.active_at >= ? AND c.created_at < ?",
    args: [after ?? 0, before ?? Number.MAX_SAFE_INTEGER],
    limit,
    ranked: true,
  });
}

/** One column a row: the client's cost is by the cell. */
async function find(
  user: User,
  match: string,
  { namespaces, archived }: Wanted,
  { condition, args, limit, ranked }: { condition: string; args: InValue[]; limit: number; ranked: boolean },
): Promise<Candidate[]> {
  const conditions = [condition];
  if (namespaces) {
    conditions.push(`c.namespace IN (${namespaces.map(() => "?").join(", ")})`);
    args.push(...namespaces);
  }
  if (archived) conditions.push("c.archived_at IS NOT NULL");
  const found = await client().execute({
    sql: `SELECT json_array(search_index.rowid, c.id, s.segment, d.position, ${ranked ? "-bm25(search_index)" : "0"})
      FROM search_index CROSS JOIN search_documents d ON d.id = search_index.rowid
      CROSS JOIN search_scopes s ON s.number = d.scope CROSS JOIN conversations c ON c.id = s.conversation
      WHERE search_index MATCH ? AND c.user_id = ? AND c.deleted_at IS NULL AND ${conditions.join(" AND ")}
      ORDER BY search_index.rowid DESC LIMIT ?`,
    args: [match, user.id, ...args, limit],
  });
  return found.rows.map((row) => {
    const [id, conversation, segment, position, rank] = Found.parse(JSON.parse(String(row[0])));
    return { id, conversation, segment, position, rank };
  });
}
