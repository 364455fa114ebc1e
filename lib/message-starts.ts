import { client } from "#db/client.ts";
import type { Conversation, Owned } from "./access.ts";

/**
 * Where messages begin, by segment: each of the person's own, and the first item of each run's
 * answer. Without their words, so that a long conversation is counted quickly.
 */
export async function messageStarts(conversation: Owned<Conversation>): Promise<Map<string, number[]>> {
  const { rows } = await client().execute({
    sql: `SELECT segment, json_group_array(position) AS positions FROM (
            SELECT i.segment, i.position, i.run, i.item ->> '$.role' AS role,
              lag(i.run) OVER before AS last_run, lag(i.item ->> '$.role') OVER before AS last_role,
              row_number() OVER before AS number
            FROM sessions_segments s JOIN sessions_items i ON i.segment = s.id
            WHERE s.session = ? AND coalesce(i.item ->> '$.role', '') <> 'system'
            WINDOW before AS (PARTITION BY i.segment ORDER BY i.position)
          )
          WHERE role = 'user' OR number = 1 OR last_role = 'user' OR run IS NOT last_run
          GROUP BY segment`,
    args: [conversation.id],
  });
  return new Map(rows.map(({ segment, positions }) => [String(segment), positionsOf(String(positions))]));
}

const positionsOf = (list: string): number[] => (JSON.parse(list) as number[]).sort((left, right) => left - right);
