import { setTimeout } from "node:timers/promises";
import { eq } from "drizzle-orm";
import { client, database } from "#db/client.ts";
import { conversations } from "#db/schema.ts";
import { history } from "#lib/history.ts";
import { log } from "#lib/log.ts";
import { reachable } from "#lib/sessions/segments.ts";
import { takingIn } from "./arrivals.ts";
import { indexesMessages, indexItems, indexTitle } from "./documents.ts";

/**
 * Names how texts are prepared for the index. When it changes, all of the index is made anew: so it
 * does where messages are no longer to be in it, because histories are encrypted from now on.
 */
const layout = `1:${indexesMessages ? "messages" : "titles"}`;

/** In milliseconds: work for a short while, then let others go first. */
const shift = 15;
const pause = 10;
const itemsAtOnce = 100;

/**
 * Brings into the index what is not in it: conversations from before there was one, and those that
 * were written past it. The newest come first; a process that ends leaves the rest to the next one.
 */
export async function backfillSearch(): Promise<void> {
  await clearOtherLayout();
  const rest = inShifts();
  let added = 0;
  let below = "\u{10ffff}";
  for (;;) {
    const { rows } = await client().execute({
      sql: `SELECT conversation, max(part = 'all') AS whole FROM search_pending WHERE conversation < ?
        GROUP BY conversation ORDER BY conversation DESC LIMIT 1`,
      args: [below],
    });
    const next = rows[0];
    if (!next) break;
    below = String(next.conversation);
    try {
      await add(below, next.whole === 1, rest);
      added++;
    } catch (error) {
      log().error({ err: error, conversation: below }, "a conversation could not be added to the search index");
    }
    await rest();
  }
  if (added > 0) log().info({ conversations: added }, "conversations were added to the search index");
}

async function clearOtherLayout(): Promise<void> {
  const { rows } = await client().execute("SELECT layout FROM search_layout");
  if (rows[0]?.layout === layout) return;
  const clear = [
    "INSERT INTO search_index (search_index) VALUES ('delete-all')",
    "DELETE FROM search_scopes",
    "DELETE FROM search_arrivals",
    "INSERT OR IGNORE INTO search_pending SELECT id, 'all' FROM conversations",
    "DELETE FROM search_layout",
  ];
  const name = { sql: "INSERT OR IGNORE INTO search_layout VALUES (?)", args: [layout] };
  await client().batch(rows.length > 0 ? [...clear, name] : [name], "write");
}

/** The messages first: the title's turn ends with the conversation no longer waiting. */
async function add(id: string, withMessages: boolean, rest: () => Promise<void>): Promise<void> {
  if (withMessages && indexesMessages) await addMessages(id, rest);
  const row = await database()
    .select({ title: conversations.title })
    .from(conversations)
    .where(eq(conversations.id, id))
    .get();
  await client().batch(
    [
      ...(row ? [indexTitle(id, row.title)] : []),
      ...takingIn("conversation = ?", [id]),
      { sql: "DELETE FROM search_pending WHERE conversation = ?", args: [id] },
    ],
    "write",
  );
}

async function addMessages(conversation: string, rest: () => Promise<void>): Promise<void> {
  const state = await history().load(conversation);
  if (!state) return;
  const ends = reachable(state);
  for (const { id: segment, fork } of state.segments) {
    const end = ends.get(segment) ?? fork;
    for (let from = fork; from < end; from += itemsAtOnce) {
      const items = await history().read(conversation, [{ segment, from, to: Math.min(end, from + itemsAtOnce) }]);
      const statements = indexItems(conversation, items);
      const taken = takingIn("conversation = ?", [conversation]);
      if (statements.length > 0) await client().batch([...statements, ...taken], "write");
      await rest();
    }
  }
}

/** Called between two steps: pauses when enough was done since the last pause. */
function inShifts(): () => Promise<void> {
  let began = performance.now();
  return async () => {
    if (performance.now() - began < shift) return;
    await setTimeout(pause, undefined, { ref: false });
    began = performance.now();
  };
}
