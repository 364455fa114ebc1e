import { eq, sql } from "drizzle-orm";
import { database } from "#db/client.ts";
import { lookup } from "#db/lookup.ts";
import { conversations } from "#db/schema.ts";
import type { Run } from "#lib/access.ts";
import { announce } from "#lib/inbox.ts";
import { log } from "#lib/log.ts";

const findOwner = lookup({ id: conversations.userId }, (columns) =>
  database()
    .select(columns)
    .from(conversations)
    .where(eq(conversations.id, sql.placeholder("id")))
    .prepare(),
);

/**
 * Tells the person that a run has come to rest: whoever has the conversation by now, as a guest may
 * have become an account while the answer was written. Never rejects.
 */
export async function tellOwner({ conversationId, userId }: Pick<Run, "conversationId" | "userId">): Promise<void> {
  try {
    const owner = await findOwner({ id: conversationId });
    announce(owner?.id ?? userId, conversationId);
  } catch (error) {
    log().warn({ err: error, conversation: conversationId }, "who has a conversation could not be read");
    announce(userId, conversationId);
  }
}
