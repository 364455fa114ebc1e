import type { AgentInputItem } from "@openai/agents";
import { type Fields, fieldsOf, kindOf, listAt, momentAt, textAt, wordsAt } from "../lenient.ts";
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
import { type ForeignConversation, type ForeignMessage, Notes } from "./tree.ts";

/** One conversation of a Claude export. */
export function readClaude(value: Fields): ForeignConversation {
  const notes = new Notes();
  const listed = listAt(value, "chat_messages").map(fieldsOf);
  const linked = listed.some((message) => wordsAt(message, "parent_message_uuid"));
  const model = wordsAt(value, "model");
  const idOf = (index: number) => (linked && wordsAt(listed[index], "uuid")) || `message ${index + 1}`;
  const messages = listed.map((message, index): ForeignMessage => {
    const before = index === 0 ? null : idOf(index - 1);
    return {
      id: idOf(index),
      parent: linked ? (wordsAt(message, "parent_message_uuid") ?? null) : before,
      items: itemsOf(message, notes),
      model: message.sender === "human" ? undefined : model,
      createdAt: momentAt(message, "created_at"),
    };
  });
  const project = wordsAt(value, "project_uuid");
  return {
    id: wordsAt(value, "uuid") ?? "",
    title: wordsAt(value, "name"),
    createdAt: momentAt(value, "created_at"),
    updatedAt: momentAt(value, "updated_at"),
    current: wordsAt(value, "current_leaf_message_uuid"),
    archived: false,
    pinned: value.is_starred === true,
    metadata: { ...(model ? { model } : {}), ...(project ? { project } : {}) },
    messages,
    notes,
  };
}

function itemsOf(message: Fields, notes: Notes): AgentInputItem[] {
  const content = listAt(message, "content").map(fieldsOf);
  const parts = content.length > 0 ? content : [{ type: "text", text: textAt(message, "text") ?? "" }];
  if (message.sender === "human") {
    return userParts([...parts.flatMap((part) => userPart(part, notes)), ...filesOf(message)]);
  }
  if (message.sender !== "assistant") {
    notes.add(`A message of the unknown sender "${kindOf(message.sender)}" came in as an answer.`);
  }
  const items = parts.flatMap((part, index) => answerItems(part, `${wordsAt(message, "uuid") ?? ""}-${index}`, notes));
  return [...pairCalls(items), ...filesOf(message).flatMap((part) => ("text" in part ? answerText(part.text) : []))];
}

type Part = Parameters<typeof userParts>[0][number];

function userPart(part: Fields, notes: Notes): Part[] {
  const text = wordsAt(part, "text");
  if (text !== undefined) return [textPart(text)];
  if (part.type === "text") return [];
  if (part.type === "image") {
    const { media_type, data } = fieldsOf(part.source);
    if (typeof data === "string") return [imagePart(`data:${String(media_type)};base64,${data}`)];
  }
  notes.add(`A part of the unknown kind "${kindOf(part.type)}" came in as it is.`);
  return [textPart(asJsonBlock(part))];
}

function answerItems(part: Fields, fallbackId: string, notes: Notes): AgentInputItem[] {
  switch (part.type) {
    case "text":
      return answerText((textAt(part, "text") ?? "") + sourceList(listAt(part, "citations").flatMap(citation)));
    case "thinking":
      return reasoning(textAt(part, "thinking") ?? "");
    case "redacted_thinking":
      return [];
    case "tool_use":
      return [call(wordsAt(part, "id") ?? fallbackId, wordsAt(part, "name") ?? "tool", part.input ?? {})];
    case "tool_result":
      return [
        result(
          wordsAt(part, "tool_use_id") ?? fallbackId,
          wordsAt(part, "name") ?? "tool",
          outputOf(part.content),
          "completed",
        ),
      ];
    default: {
      notes.add(`A part of the unknown kind "${kindOf(part.type)}" came in as it is.`);
      return answerText(wordsAt(part, "text") ?? asJsonBlock(part));
    }
  }
}

function outputOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return content === undefined || content === null ? "" : asJsonBlock(content);
  return content.map((part) => wordsAt(part, "text") ?? asJsonBlock(part)).join("\n\n");
}

function citation(value: unknown): { title: string | undefined; url: string }[] {
  const url = wordsAt(value, "url") ?? wordsAt(fieldsOf(fieldsOf(value).details), "url");
  return url === undefined ? [] : [{ title: wordsAt(value, "title"), url }];
}

/** What was attached: its text where the export has it, else its name. */
function filesOf(message: Fields): Part[] {
  const attached = listAt(message, "attachments").map((file) => {
    const name = wordsAt(file, "file_name") ?? "file";
    const text = wordsAt(file, "extracted_content");
    return textPart(text === undefined ? `[Attachment: ${name}]` : `[Attachment: ${name}]\n\n${text}`);
  });
  const files = listAt(message, "files").flatMap((file) => {
    const name = wordsAt(file, "file_name");
    return name === undefined ? [] : [textPart(`[Attachment: ${name}]`)];
  });
  return [...attached, ...files];
}
