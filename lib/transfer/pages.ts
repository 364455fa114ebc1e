import { slice } from "#lib/sessions/segments.ts";
import type { Range, SessionStore, StoredItem } from "#lib/sessions/store.ts";

const firstPage = 4;
const largestPage = 500;
const pageBytes = 2_000_000;

/** The items of these ranges, a page at a time: few at once where they are large. */
export async function* readPages(
  store: Pick<SessionStore, "read">,
  session: string,
  ranges: readonly Range[],
): AsyncGenerator<StoredItem[]> {
  let count = firstPage;
  for (const range of ranges) {
    for (let from = range.from; from < range.to; ) {
      const page = await store.read(session, slice([range], from, from + count));
      from += count;
      if (page.length > 0) {
        yield page;
        count = nextCount(count, page);
      }
    }
  }
}

function nextCount(count: number, page: readonly StoredItem[]): number {
  const bytes = page.reduce((sum, { item }) => sum + JSON.stringify(item).length, 0);
  const fitting = Math.floor((pageBytes * page.length) / Math.max(bytes, 1));
  return Math.max(1, Math.min(fitting, count * 4, largestPage));
}
