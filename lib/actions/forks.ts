"use server";

import { z } from "zod";
import { ownConversation, ownNamespace } from "#lib/access.ts";
import * as forks from "#lib/forks.ts";
import { action } from "#lib/guard.ts";

const id = z.string().min(1).max(64);

/** Without a branch, all of them come along. */
export const forkConversation = action(
  z.object({ conversation: id, branch: id.optional(), namespace: z.string().min(1).max(100) }),
  async (user, { conversation, branch, namespace }) => ({
    conversation: await forks.forkConversation(user, await ownConversation(user, conversation), {
      ...(branch === undefined ? {} : { branch }),
      namespace: await ownNamespace(user, namespace),
      now: Date.now(),
    }),
  }),
  { audit: "conversation.fork" },
);
