import { z } from "zod";
import { ownRun } from "#lib/access.ts";
import { route } from "#lib/guard.ts";
import { stopRun } from "#lib/runs/stop.ts";

export const POST = route(z.object({ run: z.string() }), async (user, { run }) => {
  await stopRun(await ownRun(user, run));
  return new Response(null, { status: 204 });
});
