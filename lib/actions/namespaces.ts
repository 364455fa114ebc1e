"use server";

import { z } from "zod";
import { ownNamespace } from "#lib/access.ts";
import { action } from "#lib/guard.ts";
import * as namespaces from "#lib/namespaces.ts";

const type = z.string().min(1).max(100);
const wish = z.object({
  label: z.string().max(1000),
  color: z.string().max(40),
  defaultAgent: z.string().max(64),
  retentionDays: z.number().nullable(),
});

export const createNamespace = action(
  wish,
  async (user, input) => (await namespaces.createNamespace(user, input, Date.now())).type,
  { audit: "namespace.create" },
);

export const editNamespace = action(
  wish.extend({ type }),
  async (user, { type, ...input }) => {
    await namespaces.editNamespace(await ownNamespace(user, type), input);
  },
  { audit: "namespace.edit" },
);

export const removeNamespace = action(
  z.object({ type, to: type.optional() }),
  async (user, { type, to }) =>
    namespaces.removeNamespace(await ownNamespace(user, type), to ? await ownNamespace(user, to) : undefined),
  { audit: "namespace.remove" },
);
