import { type Fields, field, isRecord } from "../lenient.ts";
import type { SourceKind } from "./tree.ts";

/** What a value of a file is, by what stands in it. */
export function detectKind(value: Fields): SourceKind | undefined {
  if (field(value, "format") === "switchboard.conversation") return "switchboard";
  if (isRecord(field(value, "mapping"))) return "chatgpt";
  if (Array.isArray(field(value, "chat_messages"))) return "claude";
  if (isOpenWebUi(field(value, "chat")) || isOpenWebUi(value)) return "open-webui";
  const messages = Array.isArray(field(value, "messages"));
  if (isName(field(value, "conversationId")) && (messages || Array.isArray(field(value, "messagesTree")))) {
    return "librechat";
  }
  return messages ? "plain" : undefined;
}

const isName = (value: unknown) => typeof value === "string";

/** A chat of Open WebUI: a tree in its `history`, or in old files only a row of messages beside its models. */
function isOpenWebUi(value: unknown): boolean {
  if (isRecord(field(field(value, "history"), "messages"))) return true;
  return Array.isArray(field(value, "messages")) && Array.isArray(field(value, "models"));
}

const shownFields = 6;

/** Why a value can't be read, in words. */
export function strangeness(value: unknown): string {
  if (value === null) return "It is null.";
  if (Array.isArray(value)) return "It is a list inside the list.";
  if (!isRecord(value)) return `It is a ${typeof value}, not a conversation.`;
  const names = Object.keys(value);
  if (names.length === 0) return "It is empty.";
  const shown = names.slice(0, shownFields).map((name) => name.slice(0, 40));
  const more = names.length > shownFields ? ", ..." : "";
  return `It is not a conversation of a known kind. It has the fields ${shown.join(", ")}${more}.`;
}
