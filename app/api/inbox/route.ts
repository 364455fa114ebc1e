import { z } from "zod";
import { asPerson } from "#lib/access.ts";
import { route } from "#lib/guard.ts";
import { watchInbox } from "#lib/inbox-stream.ts";

export const dynamic = "force-dynamic";

/** What changes among the person's conversations, as it happens. `person`: whom the asking tab was opened for. */
export const GET = route(z.object({ person: z.string().optional() }), async (user, { person }, request) => {
  return new Response(watchInbox(asPerson(user, person), request.signal), {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
    },
  });
});
