import type { sessionTableNames } from "../../../db/sessions.ts";

type Names = ReturnType<typeof sessionTableNames>;

// Arguments: session, how many, and the branch when it is named. CROSS JOIN keeps the order of the tables.

/**
 * The items of a statement as one text and their number: one row costs the client less than many.
 * SQLite keeps the order of a subquery for an aggregate that depends on it.
 */
export function together(statement: string): string {
  return `SELECT count(*), group_concat(item) FROM (${statement})`;
}

// More than this in one text could be more than a string can hold.
const MOST_TOGETHER = 200_000;

/** The newest items of a branch when its own segment has them all; no rows when it has not, or when there are summaries. */
export function newestOfTip({ sessions, branches, segments, items, summaries }: Names, named: boolean): string {
  return `SELECT i.item, i.position FROM "${sessions}" s
    CROSS JOIN "${branches}" b ON b.session = s.id AND b.id = ${named ? "?3" : "s.current"}
      AND min(?2, b.length) <= ${MOST_TOGETHER}
    CROSS JOIN "${segments}" g ON g.id = b.segment AND g.fork <= max(0, b.length - ?2)
    CROSS JOIN "${items}" i ON i.segment = b.segment AND i.position >= b.length - ?2
    WHERE s.id = ?1 AND NOT EXISTS (SELECT 1 FROM "${summaries}" WHERE session = ?1)
    ORDER BY i.position`;
}

/** The newest items of a branch wherever they are stored; no rows when there are summaries. */
export function newestOfLineage({ sessions, branches, segments, items, summaries }: Names, named: boolean): string {
  return `WITH RECURSIVE walk (segment, parent, fork, upto, start) AS (
      SELECT g.id, g.parent, g.fork, b.length, b.length - ?2 FROM "${sessions}" s
        CROSS JOIN "${branches}" b ON b.session = s.id AND b.id = ${named ? "?3" : "s.current"}
        CROSS JOIN "${segments}" g ON g.id = b.segment
        WHERE s.id = ?1 AND NOT EXISTS (SELECT 1 FROM "${summaries}" WHERE session = ?1)
      UNION ALL
      SELECT g.id, g.parent, g.fork, min(w.upto, w.fork), w.start FROM walk w
        CROSS JOIN "${segments}" g ON g.id = w.parent
        WHERE w.fork > max(0, w.start)
    )
    SELECT i.item, i.position FROM walk w
      CROSS JOIN "${items}" i ON i.segment = w.segment AND i.position >= w.start AND i.position < w.upto
    ORDER BY i.position`;
}
