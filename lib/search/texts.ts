import type { InValue } from "@libsql/client";
import { z } from "zod";
import { client } from "#db/client.ts";
import { textOf } from "#lib/runs/parts.ts";
import { decodeItem } from "#lib/sessions/codec.ts";
import type { Candidate } from "./candidates.ts";

/** What was found says, and where the message stands that shows it. */
export interface Text {
  text: string;
  agent: string | null;
  createdAt: number;
  /** Where the message begins: the person's own item, or the first item of the answer that it is part of. */
  start: number;
}

type Place = Pick<Candidate, "segment" | "position">;

/** By `segment:position`. */
export type Texts = ReadonlyMap<string, Text>;
export const keyOf = ({ segment, position }: Place): string => `${segment}:${position}`;

const Row = z.tuple([z.string(), z.number(), z.string().nullable(), z.number(), z.number()]);

/**
 * Reads what these say. An answer is all that one run wrote; where no run tells its beginning, as in what
 * was imported, it begins after the person's message before it.
 */
export async function readTexts(places: readonly Place[]): Promise<Texts> {
  const texts = new Map<string, Text>();
  if (places.length === 0) return texts;
  const found = await client().execute({
    sql: `SELECT json_array(i.segment, i.position, i.agent, i.created_at, CASE
        WHEN json_valid(i.item) AND i.item ->> 'role' = 'user' THEN i.position
        WHEN r.position <= i.position THEN r.position
        ELSE coalesce(
          (SELECT position + 1 FROM sessions_items WHERE segment = i.segment AND position < i.position
            AND (run IS NOT i.run OR json_valid(item) AND item ->> 'role' = 'user') ORDER BY position DESC LIMIT 1),
          (SELECT min(position) FROM sessions_items WHERE segment = i.segment))
        END) || char(10) || i.item
      FROM (VALUES ${places.map(() => "(?, ?)").join(", ")}) v
      CROSS JOIN sessions_items i ON i.segment = v.column1 AND i.position = v.column2
      LEFT JOIN runs r ON r.id = i.run`,
    args: places.flatMap(({ segment, position }): InValue[] => [segment, position]),
  });
  for (const row of found.rows) {
    const whole = String(row[0]);
    const end = whole.indexOf("\n");
    const [segment, position, agent, createdAt, start] = Row.parse(JSON.parse(whole.slice(0, end)));
    const item = decodeItem(whole.slice(end + 1));
    if (item) texts.set(keyOf({ segment, position }), { text: textOf(item), agent, createdAt, start });
  }
  return texts;
}
