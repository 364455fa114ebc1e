import { and, like, or, type SQL, sql } from "drizzle-orm";
import { conversations } from "#db/schema.ts";
import type { User } from "./access.ts";
import { type ConversationPage, type Cursor, type Place, pageOf } from "./conversation-rows.ts";

const mostWords = 8;

/** The person's conversations whose title has all these words, archived ones too, newest activity first. */
export async function searchConversations(user: User, query: string, place: Place = {}): Promise<ConversationPage> {
  const words = query.toWellFormed().trim().split(/\s+/u).filter(Boolean).slice(0, mostWords);
  if (words.length === 0) return { rows: [], next: null };
  return pageOf(user, and(...words.map(titleHas)), place);
}

/** LIKE ignores case only in ASCII, so other letters are looked for in each of their usual cases. */
function titleHas(word: string): SQL | undefined {
  const capital = word.replace(/^./u, (letter) => letter.toLocaleUpperCase());
  const cases = new Set([word, word.toLocaleLowerCase(), word.toLocaleUpperCase(), capital]);
  return or(
    ...[...cases].map((each) => {
      const pattern = `%${each.replace(/[\\%_]/g, "\\$&")}%`;
      return sql`${like(conversations.title, pattern)} escape '\\'`;
    }),
  );
}

/** A place in a list as an address carries it: "1763800000000.01K...". */
export const placeName = ({ activeAt, id }: Cursor): string => `${activeAt}.${id}`;

export function placeFrom(name: string | undefined): Cursor | undefined {
  const [, activeAt, id] = /^(\d{1,15})\.(\w{1,64})$/.exec(name ?? "") ?? [];
  return activeAt && id ? { activeAt: Number(activeAt), id } : undefined;
}
