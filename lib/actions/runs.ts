"use server";

import { z } from "zod";
import { ownConversation } from "#lib/access.ts";
import * as branches from "#lib/branches.ts";
import { action } from "#lib/guard.ts";
import * as approvals from "#lib/runs/decide.ts";
import { startAgain, startTurn } from "#lib/runs/start.ts";

const id = z.string().min(1).max(64);
const place = { conversation: id, branch: id };
const operation = z.uuid({ error: "An operation needs a UUID." });
const position = z.number().int().min(0);

export const send = action(
  z.object({
    operation,
    text: z.string(),
    agent: id.optional(),
    conversation: id.optional(),
    branch: id.optional(),
    length: position.optional(),
    at: position.optional(),
    namespace: z.string().max(100).optional(),
  }),
  startTurn,
);

export const tryAgain = action(z.object({ operation, ...place, position }), startAgain);

/** Approves or rejects a call that waits. */
export const decide = action(
  z.object({ id, call: z.string().min(1).max(200), approved: z.boolean() }),
  (user, { id: run, call, approved }) => approvals.decide(user, { run, call, approved }),
  { audit: "call.decide" },
);

export const switchAgent = action(z.object({ ...place, agent: id }), async (user, input) => ({
  agent: await branches.switchAgent(await ownConversation(user, input.conversation), input.branch, input.agent),
}));
