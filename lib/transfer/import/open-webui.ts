import type { AgentInputItem } from "@openai/agents";
import {
  type Fields,
  field,
  fieldsAt,
  fieldsOf,
  isRecord,
  kindOf,
  listAt,
  momentAt,
  textAt,
  wordsAt,
} from "../lenient.ts";
import { readDetails } from "./details.ts";
import {
  answerText,
  asJsonBlock,
  call,
  imagePart,
  pairCalls,
  reasoning,
  result,
  sourceList,
  textPart,
  userParts,
} from "./items.ts";
import { messageItems } from "./plain.ts";
import { type ForeignConversation, type ForeignMessage, Notes } from "./tree.ts";

/** A chat that Open WebUI exported: with its frame, or in old files the chat alone. */
export function readOpenWebUi(value: Fields): ForeignConversation {
  const notes = new Notes();
  const chat = isRecord(value.chat) ? value.chat : value;
  const history = fieldsAt(chat, "history");
  const linked = fieldsAt(history, "messages");
  const messages =
    Object.keys(linked).length > 0
      ? Object.entries(linked).map(([id, message]) => readMessage(fieldsOf(message), id, parentOf(message), notes))
      : inARow(listAt(chat, "messages").map(fieldsOf), notes);
  const tags = [...listAt(fieldsAt(value, "meta"), "tags"), ...listAt(chat, "tags")].filter(
    (tag) => typeof tag === "string",
  );
  const folder = wordsAt(value, "folder_id");
  return {
    id: wordsAt(value, "id") ?? wordsAt(chat, "id") ?? "",
    title: wordsAt(value, "title") ?? wordsAt(chat, "title"),
    createdAt: momentAt(value, "created_at") ?? momentAt(chat, "timestamp"),
    updatedAt: momentAt(value, "updated_at"),
    current: wordsAt(history, "currentId"),
    archived: value.archived === true,
    pinned: value.pinned === true,
    metadata: { ...(tags.length > 0 ? { tags: [...new Set(tags)] } : {}), ...(folder ? { folder } : {}) },
    messages,
    notes,
  };
}

const parentOf = (message: unknown) => wordsAt(message, "parentId") ?? null;

/** Old files have the shown messages only; where they name their parents, those count. */
function inARow(listed: readonly Fields[], notes: Notes): ForeignMessage[] {
  const linked = listed.some((message) => wordsAt(message, "parentId"));
  const idOf = (index: number) => (linked && wordsAt(listed[index], "id")) || `message ${index + 1}`;
  return listed.map((message, index) => {
    const before = index === 0 ? null : idOf(index - 1);
    return readMessage(message, idOf(index), linked ? parentOf(message) : before, notes);
  });
}

function readMessage(message: Fields, id: string, parent: string | null, notes: Notes): ForeignMessage {
  return {
    id,
    parent,
    items: itemsOf(message, id, notes),
    model: message.role === "user" ? undefined : wordsAt(message, "model"),
    createdAt: momentAt(message, "timestamp"),
  };
}

function itemsOf(message: Fields, id: string, notes: Notes): AgentInputItem[] {
  const files = filesOf(message);
  if (message.role === "user") return userParts([...userTexts(message, id, notes), ...files]);
  if (message.role !== "assistant") return messageItems(message, id, notes);
  const output = listAt(message, "output").map(fieldsOf);
  const said = output.length > 0 ? output.flatMap((item, index) => outputItems(item, `${id}-${index}`, notes)) : [];
  const items = said.length > 0 ? said : contentItems(message, id, notes);
  const error = wordsAt(fieldsAt(message, "error"), "content") ?? wordsAt(message, "error") ?? "";
  const sources = sourceList(listAt(message, "sources").flatMap(sourceOf)).trim();
  return [...pairCalls(items), ...answerText(error), ...answerText(sources), ...pictures(files)];
}

function contentItems(message: Fields, id: string, notes: Notes): AgentInputItem[] {
  const content = textAt(message, "content");
  return content === undefined ? messageItems(message, id, notes) : readDetails(content, id, message.done !== false);
}

type Part = Parameters<typeof userParts>[0][number];

function userTexts(message: Fields, id: string, notes: Notes): Part[] {
  return messageItems(message, id, notes).flatMap((item): Part[] => {
    if (!("role" in item) || item.role !== "user") return [];
    return typeof item.content === "string" ? [textPart(item.content)] : item.content;
  });
}

function filesOf(message: Fields): Part[] {
  return listAt(message, "files").flatMap((file) => {
    const url = wordsAt(file, "url");
    if (field(file, "type") === "image" && url?.startsWith("data:")) return [imagePart(url)];
    const name = wordsAt(file, "name") ?? wordsAt(fieldsAt(file, "file"), "filename") ?? url;
    return name === undefined ? [] : [textPart(`[Attachment: ${name}]`)];
  });
}

function pictures(files: readonly Part[]): AgentInputItem[] {
  return files.flatMap((part): AgentInputItem[] => {
    if (part.type === "input_text") return answerText(part.text);
    if (part.type !== "input_image" || typeof part.image !== "string") return [];
    const content = [{ type: "image" as const, image: part.image }];
    return [{ type: "message", role: "assistant", status: "completed", content }];
  });
}

/** An item of the Responses API, as newer versions keep an answer. */
function outputItems(item: Fields, fallbackId: string, notes: Notes): AgentInputItem[] {
  const id = wordsAt(item, "call_id") ?? wordsAt(item, "id") ?? fallbackId;
  switch (item.type) {
    case "message":
      return answerText(partTexts(item, "content"), item.status !== "in_progress");
    case "reasoning":
      return reasoning([partTexts(item, "summary"), partTexts(item, "content")].filter(Boolean).join("\n\n"));
    case "function_call":
      return [call(id, wordsAt(item, "name") ?? "tool", item.arguments ?? "{}")];
    case "function_call_output": {
      const { output } = item;
      return [result(id, wordsAt(item, "name") ?? "tool", typeof output === "string" ? output : outputText(output))];
    }
    case "open_webui:code_interpreter": {
      const code = call(id, "code_interpreter", { language: item.lang ?? item.language, code: item.code });
      return item.output === undefined ? [code] : [code, result(id, "code_interpreter", outputText(item.output))];
    }
    default:
      notes.add(`An entry of the unknown kind "${kindOf(item.type)}" came in as it is.`);
      return answerText(partTexts(item, "content") || asJsonBlock(item));
  }
}

function partTexts(item: Fields, name: string): string {
  return listAt(item, name)
    .map((part) => textAt(part, "text") ?? textAt(part, "refusal") ?? asJsonBlock(part))
    .join("\n\n");
}

function outputText(output: unknown): string {
  if (typeof output === "string") return output;
  return Array.isArray(output)
    ? output.map((part) => textAt(part, "text") ?? asJsonBlock(part)).join("\n\n")
    : asJsonBlock(output);
}

function sourceOf(source: unknown): { title: string | undefined; url: string }[] {
  const told = fieldsAt(source, "source");
  const url =
    wordsAt(told, "url") ??
    listAt(source, "metadata")
      .map((entry) => wordsAt(entry, "source"))
      .find(Boolean);
  return url === undefined ? [] : [{ title: wordsAt(told, "name"), url }];
}
