"use server";

import { z } from "zod";
import { ownConversation, ownQueuedMessage } from "#lib/access.ts";
import { action } from "#lib/guard.ts";
import * as queue from "#lib/runs/queue.ts";

const id = z.string().min(1).max(64);
const place = { conversation: id, branch: id };

export const queueMessage = action(
  z.object({
    operation: z.uuid({ error: "An operation needs a UUID." }),
    ...place,
    text: z.string(),
    agent: id.optional(),
  }),
  queue.queueMessage,
);

export const editQueued = action(
  z.object({ id, text: z.string(), was: z.string().optional() }),
  async (user, { text, was, ...message }) => queue.editQueued(await ownQueuedMessage(user, message.id), text, was),
);

export const removeQueued = action(z.object({ id }), async (user, input) =>
  queue.removeQueued(await ownQueuedMessage(user, input.id)),
);

export const sendQueued = action(z.object(place), async (user, { conversation, branch }) =>
  queue.sendQueued(await ownConversation(user, conversation), branch),
);
