import { z } from "zod";
import { route } from "#lib/guard.ts";
import { listExports } from "#lib/transfer/exports.ts";

export const dynamic = "force-dynamic";

/** How the person's exports are getting on. */
export const GET = route(z.object({}), async (user) => Response.json({ exports: listExports(user) }));
