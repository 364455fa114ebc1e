"use server";

import { z } from "zod";
import { ownConversation } from "#lib/access.ts";
import * as branches from "#lib/branches.ts";
import { action } from "#lib/guard.ts";

const place = { conversation: z.string().min(1), branch: z.string().min(1) };

export const makeCurrent = action(z.object(place), async (user, { conversation, branch }) => {
  await branches.makeCurrent(await ownConversation(user, conversation), branch);
  return { branch };
});

export const branchFrom = action(
  z.object({ ...place, position: z.number().int().min(0) }),
  async (user, { conversation, ...from }) => ({
    branch: await branches.branchFrom(await ownConversation(user, conversation), from),
  }),
);
