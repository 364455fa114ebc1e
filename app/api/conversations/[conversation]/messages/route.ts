import { z } from "zod";
import { ownConversation } from "#lib/access.ts";
import { AppError } from "#lib/errors.ts";
import { route } from "#lib/guard.ts";
import { openWindow, type Place } from "#lib/open-thread.ts";

export const dynamic = "force-dynamic";

const position = z
  .string()
  .regex(/^\d{1,9}$/, "name a position as a whole number")
  .transform(Number)
  .optional();

const asked = z.object({
  conversation: z.string(),
  branch: z.string(),
  before: position,
  after: position,
  around: position,
});

/** The messages of a branch before a position, after it, or around it. */
export const GET = route(asked, async (user, { conversation: id, branch, ...places }) => {
  const conversation = await ownConversation(user, id);
  const messages = await openWindow(conversation, branch, placeOf(places));
  return Response.json(messages, { headers: { "cache-control": "private, no-store" } });
});

function placeOf({ before, after, around }: { before?: number; after?: number; around?: number }): Place {
  const places: Place[] = [
    ...(before === undefined ? [] : [{ before }]),
    ...(after === undefined ? [] : [{ after }]),
    ...(around === undefined ? [] : [{ around }]),
  ];
  const [place] = places;
  if (place && places.length === 1) return place;
  throw new AppError("invalid", "That request does not fit: name one position, as before, after or around.");
}
