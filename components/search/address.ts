import type { MessageHit, SearchHit } from "#lib/search/hits.ts";

/** The page with all that is found by these words. */
export const searchAddress = (words: string, from?: string): string =>
  `/search?${new URLSearchParams({ q: words, ...(from ? { from } : {}) })}`;

/** Opens a conversation at a message of it, on the branch that shows it. */
export const messageAddress = ({ id }: Pick<SearchHit, "id">, { branch, branchName, position }: MessageHit): string =>
  `/c/${id}${branchName === null ? "" : `?branch=${branch}`}#m-${position}`;
