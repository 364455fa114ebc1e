import { createHash } from "node:crypto";
import { encodeTime } from "ulid";
import { DOCUMENT_FORMAT, DOCUMENT_VERSION, planImport } from "#lib/sessions/document.ts";
import { newId } from "#lib/sessions/ids.ts";
import type { Change } from "#lib/sessions/store.ts";
import { type Fields, fieldsAt, isRecord, listAt, momentAt, textAt, wordsAt } from "../lenient.ts";
import { readChatbotUi } from "./chatbot-ui.ts";
import { readChatGpt } from "./chatgpt.ts";
import { readClaude } from "./claude.ts";
import { detectKind, strangeness } from "./detect.ts";
import { readLibreChat } from "./librechat.ts";
import { readOpenWebUi } from "./open-webui.ts";
import { readOwn } from "./own.ts";
import { readPlain } from "./plain.ts";
import { straighten } from "./straighten.ts";
import { type ForeignConversation, Notes, type SourceKind } from "./tree.ts";

/** A conversation that is ready to be written. */
export interface Prepared {
  kind: SourceKind;
  /** What the source calls it, for telling a newer version of it from another one. */
  source: string;
  /** Names its content: the same conversation from the same source has the same. */
  digest: string;
  title: string | undefined;
  /** Where our own document says that it belongs. */
  namespace: string | undefined;
  createdAt: number;
  updatedAt: number;
  archived: boolean;
  pinned: boolean;
  metadata: Record<string, unknown>;
  change: Change;
  runs: readonly unknown[];
  /** What a person sees of it. */
  messages: number;
  branches: number;
  notes: Notes;
}

/** A value that is no conversation, or one that can't be taken in, and why. */
export interface Refused {
  kind: SourceKind | undefined;
  title: string | undefined;
  reason: string;
}

const readers: Record<Exclude<SourceKind, "switchboard">, (value: Fields) => ForeignConversation> = {
  plain: readPlain,
  chatgpt: readChatGpt,
  claude: readClaude,
  librechat: readLibreChat,
  "open-webui": readOpenWebUi,
  "chatbot-ui": readChatbotUi,
};

/** Each is worked on at once, while others wait: a hostile one must not take long. */
const mostMessages = 200_000;

/** What a value of a file would become here. Pure but for the ids that it makes. */
export function prepare(value: unknown, within: string | undefined, now: number): Prepared | Refused {
  if (!isRecord(value)) return { kind: undefined, title: undefined, reason: strangeness(value) };
  const kind = within === "history" ? "chatbot-ui" : detectKind(value);
  const title = wordsAt(value, "title") ?? wordsAt(value, "name");
  if (!kind) return { kind, title, reason: strangeness(value) };
  const count = countOf(value);
  if (count > mostMessages) {
    const most = mostMessages.toLocaleString("en");
    return { kind, title, reason: `It has ${count.toLocaleString("en")} messages, and ${most} is the most.` };
  }
  const prepared = kind === "switchboard" ? prepareOwn(value, now) : prepareForeign(kind, value, now);
  return prepared.change.items?.length ? prepared : { kind, title, reason: "It has no messages." };
}

function countOf(value: Fields): number {
  const trees = [fieldsAt(value, "mapping"), fieldsAt(fieldsAt(fieldsAt(value, "chat"), "history"), "messages")];
  const lists = ["messages", "chat_messages"].map((name) => listAt(value, name).length);
  return Math.max(...trees.map((tree) => Object.keys(tree).length), ...lists, countNested(value));
}

function countNested(value: Fields): number {
  const waiting = [...listAt(value, "messagesTree")];
  let count = 0;
  for (; waiting.length > 0; count++) {
    for (const child of listAt(waiting.pop(), "children")) waiting.push(child);
  }
  return count;
}

function prepareForeign(kind: Exclude<SourceKind, "switchboard">, value: Fields, now: number): Prepared {
  const read = readers[kind](value);
  const { shown, ...tree } = straighten(read, now);
  const span = spanOf(tree.messages) ?? { first: now, last: now };
  const createdAt = read.createdAt ?? span.first;
  const document = {
    format: DOCUMENT_FORMAT,
    version: DOCUMENT_VERSION,
    conversation_id: read.id,
    exported_at: new Date(now).toISOString(),
    ...tree,
  };
  return {
    kind,
    source: read.id,
    digest: digestOf(read.messages.map(({ id, parent, items }) => [id, parent, items])),
    title: read.title,
    namespace: undefined,
    createdAt,
    updatedAt: Math.max(createdAt, read.updatedAt ?? span.last),
    archived: read.archived,
    pinned: read.pinned,
    metadata: read.metadata,
    change: planImport(document, createdAt),
    runs: [],
    messages: shown,
    branches: tree.branches.length,
    notes: read.notes,
  };
}

function prepareOwn(value: Fields, now: number): Prepared {
  const notes = new Notes();
  const digest = digestOf(listAt(value, "messages").map((message) => identity(fieldsOf(message))));
  const document = readOwn(value, notes, newId);
  const span = spanOf(listAt(value, "messages")) ?? { first: now, last: now };
  const { metadata: _metadata, ...change } = planImport(document, span.first);
  return {
    kind: "switchboard",
    source: textAt(value, "conversation_id") ?? "",
    digest,
    title: wordsAt(value, "title"),
    namespace: wordsAt(value, "namespace"),
    createdAt: span.first,
    updatedAt: span.last,
    archived: false,
    pinned: false,
    metadata: { ...fieldsAt(value, "metadata") },
    change,
    runs: listAt(document, "runs"),
    messages: change.items?.filter(({ item }) => "role" in item && item.role !== "system").length ?? 0,
    branches: change.branches?.length ?? 0,
    notes,
  };
}

const fieldsOf = (value: unknown): Fields => (isRecord(value) ? value : {});
const identity = ({ id, parent_id, item }: Fields) => [id, parent_id, item];

/** Entry by entry, so that a long conversation is never one text. */
function digestOf(entries: readonly unknown[]): string {
  const hash = createHash("sha256");
  for (const entry of entries) hash.update(`${JSON.stringify(entry)}\n`);
  return hash.digest("hex");
}

function spanOf(messages: readonly unknown[]): { first: number; last: number } | undefined {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const message of messages) {
    const moment = momentAt(message, "created_at");
    if (moment === null) continue;
    first = Math.min(first, moment);
    last = Math.max(last, moment);
  }
  return last >= first ? { first, last } : undefined;
}

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/**
 * The id of a conversation that a person imports: the same for the same content, so that a second
 * import, or one that goes on after a crash, finds what is there already.
 */
export function importedId(
  userId: string,
  { kind, source, digest }: Pick<Prepared, "kind" | "source" | "digest">,
): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([userId, kind, source, digest]))
    .digest();
  return encodeTime(0, 10) + Array.from(hash.subarray(0, 16), (byte) => alphabet[byte % 32]).join("");
}
