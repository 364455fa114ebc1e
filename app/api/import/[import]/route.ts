import { z } from "zod";
import { route } from "#lib/guard.ts";
import { readEntries } from "#lib/transfer/entries.ts";
import { showImport } from "#lib/transfer/jobs.ts";

export const dynamic = "force-dynamic";

const asked = z.object({
  import: z.string(),
  list: z.enum(["plain", "noted"]).optional(),
  from: z.coerce.number().int().nonnegative().default(0),
});

/** How an import is getting on; with `list`, what is told of its conversations from there on. */
export const GET = route(asked, async (user, { import: id, list, from }) => {
  const state = await showImport(user, id);
  if (!list) return Response.json(state);
  return Response.json(await readEntries(user, id, { dryRun: !state.written, list, from }));
});
