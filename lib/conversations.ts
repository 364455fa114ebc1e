import { ulid } from "ulid";
import type { Conversation, User } from "./access.ts";
import { titleOfFirst } from "./titles.ts";

/** The row of a conversation that begins with this text; whoever stores the first message inserts it. */
export function newConversation(user: User, namespace: string, firstText: string, now: number): Conversation {
  return {
    id: ulid(now),
    userId: user.id,
    namespace,
    title: titleOfFirst(firstText),
    titleFrom: "first",
    store: "libsql",
    metadata: {},
    pinnedAt: null,
    archivedAt: null,
    deletedAt: null,
    activeAt: now,
    readAt: now,
    createdAt: now,
  };
}
