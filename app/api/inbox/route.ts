import { z } from "zod";
import { route } from "#lib/guard.ts";
import { watchInbox } from "#lib/inbox-stream.ts";

export const dynamic = "force-dynamic";

/** What changes among the person's conversations, as it happens. */
export const GET = route(z.object({}), async (user, _input, request) => {
  return new Response(watchInbox(user, request.signal), {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
    },
  });
});
