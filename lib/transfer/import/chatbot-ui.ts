import { type Fields, fieldsAt, fieldsOf, listAt, wordsAt } from "../lenient.ts";
import { messageItems } from "./plain.ts";
import { type ForeignConversation, Notes } from "./tree.ts";

/** One conversation of the `history` in an export of chatbot-ui v1. */
export function readChatbotUi(value: Fields): ForeignConversation {
  const notes = new Notes();
  const model = wordsAt(fieldsAt(value, "model"), "id");
  const prompt = wordsAt(value, "prompt");
  const listed = listAt(value, "messages").map(fieldsOf);
  return {
    id: wordsAt(value, "id") ?? "",
    title: wordsAt(value, "name"),
    createdAt: null,
    updatedAt: null,
    current: undefined,
    archived: false,
    pinned: false,
    metadata: { ...(model ? { model } : {}), ...(prompt ? { prompt } : {}) },
    messages: listed.map((message, index) => ({
      id: `${index + 1}`,
      parent: index === 0 ? null : `${index}`,
      items: messageItems(message, `${index + 1}`, notes),
      model: message.role === "user" ? undefined : model,
      createdAt: null,
    })),
    notes,
  };
}
