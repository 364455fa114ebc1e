"use server";

import { z } from "zod";
import { ownConversation } from "#lib/access.ts";
import * as branches from "#lib/branches.ts";
import { action } from "#lib/guard.ts";

const id = z.string().min(1).max(64);
const place = { conversation: id, branch: id };

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

export const listBranches = action(z.object({ conversation: id }), async (user, { conversation }) =>
  branches.listBranches(await ownConversation(user, conversation)),
);

export const renameBranch = action(
  z.object({ ...place, name: z.string().max(10_000) }),
  async (user, { conversation, branch, name }) => ({
    name: await branches.renameBranch(await ownConversation(user, conversation), branch, name),
  }),
  { audit: "branch.rename" },
);

export const deleteBranch = action(
  z.object(place),
  async (user, { conversation, branch }) => branches.deleteBranch(await ownConversation(user, conversation), branch),
  { audit: "branch.delete" },
);

export const restoreBranch = action(
  z.object({ conversation: id, undo: z.string().max(4000) }),
  async (user, { conversation, undo }) => ({
    branch: await branches.restoreBranch(await ownConversation(user, conversation), undo),
  }),
  { audit: "branch.restore" },
);
