import { desc } from "drizzle-orm";
import { ulid } from "ulid";
import { z } from "zod";
import { database } from "#db/client.ts";
import { connections } from "#db/schema.ts";
import type { Owned, User } from "./access.ts";
import { AppError } from "./errors.ts";
import { checked } from "./fields.ts";
import { log } from "./log.ts";
import { seal, unseal } from "./seal.ts";
import { derivedKey } from "./secrets.ts";

/** Which model answers, as the owner of the instance set it. At most one row; the newest is in force. */

export interface SavedConnection {
  kind: "openai" | "compatible";
  baseUrl: string | null;
  api: "responses" | "chat";
  model: string;
  apiKey: string | null;
}

/** What a browser may know of it: whether there is a key, never the key. */
export type ShownConnection = Omit<SavedConnection, "apiKey"> & { key: "none" | "saved" | "unreadable" };

const addressField = z
  .string()
  .trim()
  .refine((value) => /^https?:\/\//i.test(value) && URL.canParse(value), {
    error: "Enter the server's address, such as http://localhost:11434/v1.",
  });

/** What the owner typed. Without a key, the saved one stays, but only for the server that it was saved for. */
export async function connectionFrom(typed: {
  kind: SavedConnection["kind"];
  baseUrl: string;
  api: SavedConnection["api"];
  model: string;
  apiKey: string;
}): Promise<SavedConnection> {
  const { kind, api, model } = typed;
  const baseUrl = kind === "openai" ? null : checked(addressField, typed.baseUrl);
  const before = typed.apiKey ? null : await savedConnection();
  const kept = before?.kind === kind && before.baseUrl === baseUrl ? before.apiKey : null;
  const apiKey = typed.apiKey || kept;
  if (kind === "openai" && !apiKey) {
    throw new AppError("invalid", "Enter the API key. OpenAI answers nobody without one.");
  }
  return { kind, baseUrl, api, model, apiKey };
}

const newest = () => database().select().from(connections).orderBy(desc(connections.id)).limit(1).get();

/** The connection with its key, for the server alone; null when none is saved. */
export async function savedConnection(): Promise<SavedConnection | null> {
  const row = await newest();
  if (!row) return null;
  const { id, kind, baseUrl, api, model } = row;
  return { kind, baseUrl, api, model, apiKey: row.apiKey === null ? null : decryptKey(row.apiKey, id) };
}

/** The connection as the settings page shows it; null when none is saved. */
export async function shownConnection(_owner: Owned<User>): Promise<ShownConnection | null> {
  const row = await newest();
  if (!row) return null;
  const { id, kind, baseUrl, api, model, apiKey } = row;
  const key = apiKey === null ? "none" : decryptKey(apiKey, id) === null ? "unreadable" : "saved";
  return { kind, baseUrl, api, model, key };
}

/** Puts a connection in the place of the one before. */
export async function saveConnection(_owner: Owned<User>, connection: SavedConnection): Promise<void> {
  const id = ulid();
  const apiKey = connection.apiKey === null ? null : encryptKey(connection.apiKey, id);
  await database().batch([
    database().delete(connections),
    database()
      .insert(connections)
      .values({ ...connection, id, apiKey }),
  ]);
}

/** Removes what the owner set: the environment, a server found nearby or the demo model answer again. */
export async function removeConnection(_owner: Owned<User>): Promise<void> {
  await database().delete(connections);
}

const purpose = "connection keys, version 1";

/** The row's id is bound to the key, so that it does not open in another row. */
const encryptKey = (key: string, row: string): string => seal(key, derivedKey(purpose), row);

/** Null for a key that was encrypted under another secret: it has to be entered again. */
function decryptKey(sealed: string, row: string): string | null {
  try {
    return unseal(sealed, derivedKey(purpose), row);
  } catch (error) {
    log().warn({ err: error }, "the saved model key cannot be read: the secret of this instance has changed");
    return null;
  }
}
