import { ulid } from "ulid";
import { database } from "#db/client.ts";
import { audit } from "#db/schema.ts";

export interface AuditEntry {
  userId: string | null;
  /** A noun and a verb: "conversation.rename". */
  action: string;
  target?: string | null;
  details?: Record<string, unknown>;
}

/** Writes down that somebody did something. */
export async function record(entry: AuditEntry): Promise<void> {
  await database()
    .insert(audit)
    .values({ id: ulid(), ...entry });
}
