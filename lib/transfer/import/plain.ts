import type { AgentInputItem } from "@openai/agents";
import { type Fields, fieldsAt, fieldsOf, kindOf, listAt, momentAt, textAt, wordsAt } from "../lenient.ts";
import {
  answerText,
  asJsonBlock,
  call,
  imagePart,
  pairCalls,
  reasoning,
  result,
  systemText,
  textPart,
  userParts,
} from "./items.ts";
import { type ForeignConversation, Notes } from "./tree.ts";
import { checkedItem } from "./valid.ts";

/** `{ conversation_id, exported_at, messages: [{ role, content }] }`: one straight branch. */
export function readPlain(value: Fields): ForeignConversation {
  const notes = new Notes();
  const exportedAt = momentAt(value, "exported_at");
  const listed = listAt(value, "messages").map(fieldsOf);
  const items = pairCalls(listed.flatMap((message, index) => messageItems(message, `${index + 1}`, notes)));
  return {
    id: wordsAt(value, "conversation_id") ?? wordsAt(value, "id") ?? "",
    title: wordsAt(value, "title"),
    createdAt: momentAt(value, "created_at") ?? exportedAt,
    updatedAt: momentAt(value, "updated_at") ?? exportedAt,
    current: undefined,
    archived: false,
    pinned: false,
    metadata: {},
    messages: items.map((item, index) => ({
      id: `${index + 1}`,
      parent: index === 0 ? null : `${index}`,
      items: [item],
      createdAt: null,
    })),
    notes,
  };
}

/** A message as most products and APIs write it: a role, and a text or parts. */
export function messageItems(message: Fields, id: string, notes: Notes): AgentInputItem[] {
  if (message.role === undefined && typeof message.type === "string") {
    const known = checkedItem(message);
    if (known) return [known];
  }
  const parts = partsOf(message, notes);
  const text = parts.map((part) => (part.type === "input_text" ? part.text : "")).join("\n\n");
  switch (message.role) {
    case "user":
    case "human":
      return userParts(parts);
    case "system":
    case "developer":
      return systemText(text);
    case "assistant":
    case "ai":
    case "bot":
    case "model":
      return [
        ...reasoning(wordsAt(message, "reasoning_content") ?? ""),
        ...answerText(text),
        ...listAt(message, "tool_calls").map((asked, index) => toolCall(asked, `${id}-${index}`)),
      ];
    case "tool":
    case "function": {
      const name = wordsAt(message, "name") ?? "tool";
      return [result(wordsAt(message, "tool_call_id") ?? name, name, text)];
    }
    default:
      notes.add(`A message of the unknown role "${kindOf(message.role)}" came in as an answer.`);
      return answerText(text || asJsonBlock(message));
  }
}

function toolCall(asked: unknown, fallbackId: string): AgentInputItem {
  const told = fieldsAt(asked, "function");
  return call(wordsAt(asked, "id") ?? fallbackId, wordsAt(told, "name") ?? "tool", told.arguments ?? "{}");
}

type Part = Parameters<typeof userParts>[0][number];

function partsOf(message: Fields, notes: Notes): Part[] {
  if (typeof message.content === "string") return [textPart(message.content)];
  if (message.content === null || message.content === undefined) return [textPart(textAt(message, "text") ?? "")];
  const parts = Array.isArray(message.content) ? message.content : [message.content];
  return parts.flatMap((part) => partOf(part, notes));
}

function partOf(part: unknown, notes: Notes): Part[] {
  if (typeof part === "string") return [textPart(part)];
  const text = textAt(part, "text") ?? textAt(part, "refusal") ?? textAt(part, "content");
  if (text !== undefined) return [textPart(text)];
  const { image, image_url, type } = fieldsOf(part);
  const source = wordsAt(image_url, "url") ?? [image, image_url].find((value) => typeof value === "string");
  if (typeof source === "string") return [imagePart(source)];
  notes.add(`A part of the unknown kind "${kindOf(type)}" came in as it is.`);
  return [textPart(asJsonBlock(part))];
}
