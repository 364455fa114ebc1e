import { z } from "zod";
import { client } from "#db/client.ts";
import type { User } from "#lib/access.ts";
import { lineageOf } from "#lib/sessions/segments.ts";
import type { Segment } from "#lib/sessions/store.ts";

/** Conversations in which something was found, with as much of their histories as tells where it can be read. */

const Branches = z.array(z.tuple([z.string(), z.string(), z.string(), z.number(), z.number(), z.number()]));
const Segments = z.array(z.tuple([z.string(), z.string().nullable(), z.number()]));
const Row = z.tuple([z.string(), z.string(), z.number().nullable(), z.number(), z.string(), Branches, Segments]);

interface Branch {
  id: string;
  name: string;
  isCurrent: boolean;
}

export interface FoundConversation {
  id: string;
  title: string;
  namespace: string;
  archivedAt: number | null;
  activeAt: number;
  /** The branch on which an item can be read: the current one if it can be, else the last used. */
  branchWith(item: { segment: string; position: number }): Branch | undefined;
}

/** Those of these conversations that are the person's and not in the bin, by id. */
export async function readConversations(user: User, ids: readonly string[]): Promise<Map<string, FoundConversation>> {
  if (ids.length === 0) return new Map();
  const found = await client().execute({
    sql: `SELECT json_array(c.id, c.title, c.archived_at, c.active_at, c.namespace,
        (SELECT json_group_array(json_array(id, name, segment, length, id = h.current, updated_at))
          FROM sessions_branches WHERE session = c.id),
        (SELECT json_group_array(json_array(id, parent, fork)) FROM sessions_segments WHERE session = c.id))
      FROM conversations c LEFT JOIN sessions h ON h.id = c.id
      WHERE c.user_id = ? AND c.deleted_at IS NULL AND c.id IN (${ids.map(() => "?").join(", ")})`,
    args: [user.id, ...ids],
  });
  return new Map(
    found.rows.map((row) => {
      const [id, title, archivedAt, activeAt, namespace, branches, segments] = Row.parse(JSON.parse(String(row[0])));
      const branchWith = reading(branches, segments);
      return [id, { id, title, namespace, archivedAt, activeAt, branchWith }];
    }),
  );
}

function reading(
  branches: z.output<typeof Branches>,
  parts: z.output<typeof Segments>,
): FoundConversation["branchWith"] {
  const segments = parts.map(([id, parent, fork]): Segment => ({ id, parent, fork }));
  const readers = new Map<string, { to: number; branch: Branch }[]>();
  const preferred = branches.toSorted((left, right) => right[4] - left[4] || right[5] - left[5]);
  for (const [id, name, segment, length, isCurrent] of preferred) {
    for (const range of lineageOf(segments, segment, length)) {
      const known = readers.get(range.segment) ?? [];
      if (known.every(({ to }) => to < range.to))
        known.push({ to: range.to, branch: { id, name, isCurrent: isCurrent === 1 } });
      readers.set(range.segment, known);
    }
  }
  return ({ segment, position }) => readers.get(segment)?.find(({ to }) => position < to)?.branch;
}
