import { z } from "zod";
import { ownRun } from "#lib/access.ts";
import { route } from "#lib/guard.ts";
import { liveResponse } from "#lib/live-response.ts";
import { watchRun } from "#lib/runs/watch.ts";

export const dynamic = "force-dynamic";

export const GET = route(z.object({ run: z.string() }), async (user, { run }, request) => {
  const last = Number(request.headers.get("last-event-id") ?? 0);
  const after = Number.isInteger(last) && last > 0 ? last : 0;
  const own = await ownRun(user, run);
  return liveResponse((viewer) => watchRun(own, after, viewer));
});
