import { setImmediate as nextTurn } from "node:timers/promises";
import type { InStatement, InValue } from "@libsql/client";
import { client } from "#db/client.ts";
import { log } from "#lib/log.ts";
import { outsideRequests } from "#lib/outside.ts";

/**
 * Texts wait in a table beside the index, written with what they belong to, and come into the index a moment later,
 * many in one write: each by itself would cost the person who waits for an answer more than all else that is written
 * of a turn. Who searches takes in what has arrived first, so nothing is ever missed.
 */

/** In one write: a few milliseconds' work. */
const atOnce = 40;
/** How long texts may gather before they are taken in, in milliseconds: many who begin at once have begun by then. */
const gather = 5000;

const shared = globalThis as typeof globalThis & { switchboardArrivals?: NodeJS.Timeout };

/** Statements that take these arrivals into the index, the oldest first: a later title replaces an earlier one. */
export function takingIn(where: string, args: InValue[]): InStatement[] {
  return [
    {
      sql: `INSERT INTO search_writes (conversation, segment, position, created_at, words)
        SELECT conversation, segment, position, created_at, words FROM search_arrivals WHERE ${where} ORDER BY number`,
      args,
    },
    { sql: `DELETE FROM search_arrivals WHERE ${where}`, args },
  ];
}

/** Brings all that has arrived by now into the index. */
export async function takeInArrivals(): Promise<void> {
  for (;;) {
    const { rows } = await client().execute({
      sql: `SELECT max(number) AS last, count(*) AS count
        FROM (SELECT number FROM search_arrivals ORDER BY number LIMIT ?)`,
      args: [atOnce],
    });
    const [found] = rows;
    if (typeof found?.last !== "number") return;
    await client().batch(takingIn("number <= ?", [found.last]), "write");
    if (Number(found.count) < atOnce) return;
    // With a file all of that happens in one turn of the event loop: others have theirs in between.
    await nextTurn();
  }
}

/** Says that something has arrived: it is taken in soon, unless a search does so before. */
export function arrived(): void {
  shared.switchboardArrivals ??= outsideRequests(() => setTimeout(takeInSoon, gather)).unref();
}

function takeInSoon(): void {
  shared.switchboardArrivals = undefined;
  takeInArrivals().catch((error: unknown) => {
    log().error({ err: error }, "texts wait to be taken into the search index; the next search tries again");
  });
}
