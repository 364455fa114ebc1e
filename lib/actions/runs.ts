"use server";

import { z } from "zod";
import { ownConversation } from "#lib/access.ts";
import * as branches from "#lib/branches.ts";
import { action } from "#lib/guard.ts";
import { startAgain, startTurn } from "#lib/runs/start.ts";

const place = { conversation: z.string().min(1), branch: z.string().min(1) };
const operation = z.uuid({ error: "An operation needs a UUID." });
const position = z.number().int().min(0);

export const send = action(
  z.object({
    operation,
    text: z.string(),
    agent: z.string().optional(),
    conversation: z.string().optional(),
    branch: z.string().optional(),
    length: position.optional(),
    at: position.optional(),
    namespace: z.string().optional(),
  }),
  startTurn,
);

export const tryAgain = action(z.object({ operation, ...place, position }), startAgain);

export const switchAgent = action(z.object({ ...place, agent: z.string() }), async (user, input) => ({
  agent: await branches.switchAgent(await ownConversation(user, input.conversation), input.branch, input.agent),
}));
