"use server";

import { z } from "zod";
import { asInstanceOwner } from "#lib/access.ts";
import * as connections from "#lib/connections.ts";
import { AppError } from "#lib/errors.ts";
import { checked } from "#lib/fields.ts";
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

const addressField = z
  .string()
  .trim()
  .refine((value) => /^https?:\/\//i.test(value) && URL.canParse(value), {
    error: "Enter the server's address, such as http://localhost:11434/v1.",
  });

/** Tries what is in the form without saving it. */
export const testConnection = action(form, async (user, input) => {
  asInstanceOwner(user);
  const { apiKey, baseUrl, api, model } = await complete(input);
  const result = await checkConnection(
    connectionTo({ apiKey: apiKey ?? undefined, baseUrl: baseUrl ?? undefined, api, model: model || undefined }),
  );
  if (!result.ok) throw new AppError("invalid", result.message);
  return { model: result.model, models: result.models.slice(0, 500), milliseconds: result.milliseconds };
});

export const saveConnection = action(
  form,
  async (user, input) => {
    await connections.saveConnection(asInstanceOwner(user), await complete(input));
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

/** A key is only used again for the server that it was saved for: another address has to be given its own. */
async function complete(input: z.output<typeof form>) {
  const { kind, api, model } = input;
  const baseUrl = kind === "openai" ? null : checked(addressField, input.baseUrl);
  const before = input.apiKey ? null : await connections.savedConnection();
  const kept = before?.kind === kind && before.baseUrl === baseUrl ? before.apiKey : null;
  const apiKey = input.apiKey || kept;
  if (kind === "openai" && !apiKey)
    throw new AppError("invalid", "Enter the API key. OpenAI answers nobody without one.");
  return { kind, baseUrl, api, model, apiKey };
}
