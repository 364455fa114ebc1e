import { makeZip } from "client-zip";
import { and, asc, eq, gt, isNull } from "drizzle-orm";
import { database } from "#db/client.ts";
import { conversations } from "#db/schema.ts";
import { type Namespace, type Owned, ownConversation, type User } from "#lib/access.ts";
import { AppError } from "#lib/errors.ts";
import { type ExportFormat, exportConversation } from "./export.ts";
import { encodePieces } from "./pieces.ts";

export interface ArchiveWish {
  format: ExportFormat;
  /** Only what belongs to this namespace. */
  namespace?: Owned<Namespace>;
  now: number;
  /** Told after each conversation. */
  onWritten?: () => void;
}

interface Entry {
  name: string;
  input: AsyncIterable<Uint8Array> | string;
  lastModified: Date;
}

/** The person's conversations as a ZIP that is written while it is read, with a manifest at its end. */
export function archive(user: User, wish: ArchiveWish): ReadableStream<Uint8Array> {
  return makeZip(entries(user, wish));
}

async function* entries(user: User, wish: ArchiveWish): AsyncGenerator<Entry> {
  const lines: string[] = [];
  for await (const { id, namespace } of ids(user, wish.namespace)) {
    const conversation = await ownConversation(user, id).catch(gone);
    if (!conversation) continue;
    const file = await exportConversation(conversation, wish);
    const name = `${namespace}/${id} ${file.name}`;
    yield { name, input: encodePieces(file.pieces), lastModified: new Date(conversation.activeAt) };
    lines.push(JSON.stringify({ file: name, conversation_id: id, title: conversation.title, namespace }));
    wish.onWritten?.();
  }
  yield { name: "manifest.json", input: manifest(wish, lines), lastModified: new Date(wish.now) };
}

/** Deleted while the archive was being written. */
function gone(error: unknown): undefined {
  if (!(error instanceof AppError && error.code === "not_found")) throw error;
}

function manifest({ format, namespace, now }: ArchiveWish, lines: string[]): AsyncIterable<Uint8Array> {
  const head = {
    format: "switchboard.archive",
    version: 1,
    exported_at: new Date(now).toISOString(),
    contains: format,
    namespace: namespace?.type ?? null,
    count: lines.length,
  };
  return encodePieces(
    (async function* () {
      yield `${JSON.stringify(head).slice(0, -1)},\n"conversations":[`;
      for (const [index, line] of lines.entries()) yield `${index === 0 ? "\n" : ",\n"}${line}`;
      yield "\n]}\n";
    })(),
  );
}

const ownIn = (user: User, namespace?: Namespace) =>
  and(
    eq(conversations.userId, user.id),
    isNull(conversations.deletedAt),
    namespace && eq(conversations.namespace, namespace.type),
  );

/** How many conversations an archive will hold. */
export const countConversations = (user: User, namespace?: Owned<Namespace>): Promise<number> =>
  database().$count(conversations, ownIn(user, namespace));

const idsAtOnce = 500;

async function* ids(user: User, namespace?: Namespace): AsyncGenerator<{ id: string; namespace: string }> {
  let after = "";
  for (;;) {
    const page = await database()
      .select({ id: conversations.id, namespace: conversations.namespace })
      .from(conversations)
      .where(and(ownIn(user, namespace), gt(conversations.id, after)))
      .orderBy(asc(conversations.id))
      .limit(idsAtOnce);
    yield* page;
    after = page.at(-1)?.id ?? "";
    if (page.length < idsAtOnce) return;
  }
}
