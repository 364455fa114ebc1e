import { z } from "zod";
import { asPerson } from "#lib/access.ts";
import { route } from "#lib/guard.ts";
import { watchInbox } from "#lib/inbox-stream.ts";
import { liveResponse } from "#lib/live-response.ts";

export const dynamic = "force-dynamic";

/** What changes among the person's conversations, as it happens. `person`: whom the asking tab was opened for. */
export const GET = route(z.object({ person: z.string().optional() }), async (user, { person }) => {
  const own = asPerson(user, person);
  return liveResponse((viewer) => watchInbox(own, viewer));
});
