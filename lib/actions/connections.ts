"use server";

import { z } from "zod";
import { asInstanceOwner } from "#lib/access.ts";
import * as connections from "#lib/connections.ts";
import { AppError } from "#lib/errors.ts";
import { action } from "#lib/guard.ts";
import { checkConnection } from "#lib/models/check.ts";
import { connectionTo } from "#lib/models/connection.ts";
import { forgetCurrentModel } from "#lib/models/current.ts";

const form = z.object({
  kind: z.enum(["openai", "compatible"]),
  baseUrl: z.string().max(2000),
  api: z.enum(["responses", "chat"]),
  model: z.string().trim().max(200),
  /** Empty: the key that is saved, if it was saved for the same server. */
  apiKey: z.string().trim().max(2000),
});

/** Tries what is in the form without saving it. */
export const testConnection = action(form, async (user, input) => {
  asInstanceOwner(user);
  const { apiKey, baseUrl, api, model } = await connections.connectionFrom(input);
  const result = await checkConnection(
    connectionTo({ apiKey: apiKey ?? undefined, baseUrl: baseUrl ?? undefined, api, model: model || undefined }),
  );
  if (!result.ok) throw new AppError("invalid", result.message);
  return { model: result.model, models: result.models.slice(0, 500), milliseconds: result.milliseconds };
});

export const saveConnection = action(
  form,
  async (user, input) => {
    await connections.saveConnection(asInstanceOwner(user), await connections.connectionFrom(input));
    forgetCurrentModel();
  },
  { audit: "connection.save" },
);

export const removeConnection = action(
  z.object({}),
  async (user) => {
    await connections.removeConnection(asInstanceOwner(user));
    forgetCurrentModel();
  },
  { audit: "connection.remove" },
);
