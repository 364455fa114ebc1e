import { cookies } from "next/headers";
import { z } from "zod";
import { timeZoneCookie } from "#components/search/time-zone.ts";
import { route } from "#lib/guard.ts";
import { longestQuery } from "#lib/search/query.ts";
import { search } from "#lib/search.ts";

/** The best of what is found, while a person types. */
export const GET = route(z.object({ q: z.string().max(longestQuery) }), async (user, { q }) => {
  const timeZone = (await cookies()).get(timeZoneCookie)?.value;
  return Response.json(await search(user, q, { limit: 8, messages: 1, timeZone }));
});
