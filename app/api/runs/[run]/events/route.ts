import { z } from "zod";
import { ownRun } from "#lib/access.ts";
import { route } from "#lib/guard.ts";
import { watchRun } from "#lib/runs/watch.ts";

export const dynamic = "force-dynamic";

export const GET = route(z.object({ run: z.string() }), async (user, { run }, request) => {
  const last = Number(request.headers.get("last-event-id") ?? 0);
  const after = Number.isInteger(last) && last > 0 ? last : 0;
  return new Response(watchRun(await ownRun(user, run), after, request.signal), {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
    },
  });
});
