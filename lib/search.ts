import { client } from "#db/client.ts";
import type { User } from "./access.ts";
import { AppError } from "./errors.ts";
import { takeInArrivals } from "./search/arrivals.ts";
import { ownersOf } from "./search/candidates.ts";
import { knownTimeZone } from "./search/days.ts";
import { indexesMessages } from "./search/documents.ts";
import { gather, grouped, type Stage } from "./search/gather.ts";
import { hitsOf, type SearchHit } from "./search/hits.ts";
import { isEmpty, parseQuery } from "./search/query.ts";
import { meaningOf } from "./search/wanted.ts";

export interface SearchPage {
  hits: SearchHit[];
  /** Where the results go on. */
  next: string | null;
  /** What of the query could not be understood, as sentences. */
  problems: string[];
  /** Messages are encrypted at rest and so not looked through. */
  titlesOnly: boolean;
  /** Conversations from before there was an index are still being added to it. */
  catchingUp: boolean;
}

export interface SearchOptions {
  /** `next` of the page before. */
  from?: string;
  /** Conversations on a page. */
  limit?: number;
  /** Messages shown of each. */
  messages?: number;
  now?: number;
  /** Where the person's days begin, by its name; UTC where that is not known. */
  timeZone?: string;
}

/** Finds what a person typed in the titles and messages of their conversations. The best come first. */
export async function search(user: User, text: string, options: SearchOptions = {}): Promise<SearchPage> {
  const { from, limit = 20, messages = 3, now = Date.now(), timeZone } = options;
  const query = parseQuery(text, knownTimeZone(timeZone) || "UTC");
  const page: SearchPage = {
    hits: [],
    next: null,
    problems: query.problems,
    titlesOnly: !indexesMessages,
    catchingUp: false,
  };
  if (isEmpty(query)) return page;
  const mark = readBookmark(from);
  await takeInArrivals();
  const [owners, meaning, catchingUp] = await Promise.all([
    ownersOf(user),
    meaningOf(user, query.filters),
    isCatchingUp(),
  ]);
  page.catchingUp = catchingUp;
  page.problems = [...query.problems, ...meaning.problems];
  if (owners.length === 0) return page;

  const found = await gather({ user, owners, query, ...meaning }, mark);
  const groups = grouped(found, now);
  const skip = mark.skip + limit;
  page.hits = await hitsOf(user, groups.slice(mark.skip, skip), query.phrases, messages);
  if (skip < groups.length) page.next = writeBookmark({ ...mark, skip });
  else if (found.next) page.next = writeBookmark({ ...found.next, skip: 0 });
  return page;
}

/** Whether the index is not complete yet, for whomever. */
async function isCatchingUp(): Promise<boolean> {
  const found = await client().execute("SELECT 1 FROM search_pending WHERE part = 'all' LIMIT 1");
  return found.rows.length > 0;
}

type Bookmark = Stage & { skip: number };

const writeBookmark = ({ below = 0, exactDone, skip }: Bookmark): string => `${below}.${skip}${exactDone ? "o" : ""}`;

function readBookmark(text: string | undefined): Bookmark {
  if (text === undefined) return { exactDone: false, skip: 0 };
  const [, below, skip, open] = /^(\d{1,16})\.(\d{1,4})(o?)$/.exec(text) ?? [];
  if (below === undefined) throw new AppError("invalid", "There is no such place in the results. Search again.");
  return { ...(below === "0" ? {} : { below: Number(below) }), exactDone: open === "o", skip: Number(skip) };
}
