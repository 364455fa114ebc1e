import { client } from "#db/client.ts";
import { beginNext } from "./begin.ts";

/**
 * Begins what has waited since before `before` (ms) although the answer ahead of it was completed:
 * its process died in the moment between the two.
 */
export async function beginOverdue(before: number): Promise<void> {
  const { rows } = await client().execute({
    sql: `SELECT DISTINCT q.branch_id AS branch FROM queued_messages q WHERE q.created_at < ?1 AND 'completed' = (
            SELECT CASE WHEN r.finished_at < ?1 THEN r.status END FROM runs r
            WHERE r.conversation_id = q.conversation_id AND r.branch_id = q.branch_id
            ORDER BY r.created_at DESC, r.rowid DESC LIMIT 1)`,
    args: [before],
  });
  for (const { branch } of rows) await beginNext(String(branch));
}
