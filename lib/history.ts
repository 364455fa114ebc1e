import type { InStatement } from "@libsql/client";
import { client } from "#db/client.ts";
import { env } from "#env.ts";
import { AppError } from "./errors.ts";
import { arrived } from "./search/arrivals.ts";
import { indexChange } from "./search/documents.ts";
import type { Change, CommitResult, SessionStore, StoredItem } from "./sessions/store.ts";
import { EncryptedStore } from "./sessions/stores/encrypted.ts";
import { LibsqlStore } from "./sessions/stores/libsql.ts";

/** A store that keeps the words of what it writes in the search index, whoever writes. */
class SearchedStore extends LibsqlStore {
  override async commit(session: string, change: Change, { also = [], title }: Along = {}): Promise<CommitResult> {
    const words = indexChange(session, change, title);
    const result = await super.commit(session, change, { also: [...also, ...words] });
    if (words.length > 0) arrived();
    return result;
  }
}

/** What is written in the same moment as a change of a history. */
interface Along {
  also?: InStatement[];
  /** The conversation's title, where `also` writes it. */
  title?: string;
}

type History = SessionStore & {
  commit(session: string, change: Change, along?: Along): Promise<CommitResult>;
};

const shared = globalThis as typeof globalThis & { switchboardHistory?: History };

/** Where the histories of all conversations are kept, encrypted where keys are set: the session of a conversation has its id. */
export function history(): History {
  shared.switchboardHistory ??= openHistory();
  return shared.switchboardHistory;
}

function openHistory(): History {
  const store = new SearchedStore({ client: client() });
  return env.SESSION_ENCRYPTION_KEYS ? new EncryptedStore(store, { keys: env.SESSION_ENCRYPTION_KEYS }) : store;
}

/**
 * Writes a change and the application's rows of the same moment, all or nothing. Throws
 * `conflict` when the history has moved on; a repeated operation is done already.
 */
export async function commit(
  conversation: string,
  change: Change,
  also: InStatement[] = [],
  title?: string,
): Promise<"done" | "repeated"> {
  const result = await history().commit(conversation, change, { also, title });
  if (result.status === "conflict") {
    throw new AppError(
      "conflict",
      "This conversation has moved on in another tab or on another device. Nothing was changed; look at what is new, then try again.",
    );
  }
  return result.status;
}

export type { StoredItem };
