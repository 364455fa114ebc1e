import { z } from "zod";
import { route } from "#lib/guard.ts";
import { stopExport } from "#lib/transfer/exports.ts";

/** Ends one of the person's own exports, if it is still under way. */
export const POST = route(z.object({ id: z.string() }), async (user, { id }) => {
  stopExport(user, id);
  return new Response(null, { status: 204 });
});
