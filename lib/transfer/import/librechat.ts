import type { AgentInputItem } from "@openai/agents";
import { type Fields, field, fieldsAt, fieldsOf, kindOf, listAt, momentAt, textAt, wordsAt } from "../lenient.ts";
import {
  answerText,
  asJsonBlock,
  call,
  imagePart,
  pairCalls,
  reasoning,
  result,
  textPart,
  userParts,
} from "./items.ts";
import { type ForeignConversation, type ForeignMessage, Notes } from "./tree.ts";

/** A conversation that LibreChat exported, flat or nested. It does not say which message was shown last. */
export function readLibreChat(value: Fields): ForeignConversation {
  const notes = new Notes();
  const model = wordsAt(fieldsAt(value, "options"), "model");
  const nested = listAt(value, "messagesTree");
  const flat = listAt(value, "messages").map(fieldsOf);
  const linked =
    nested.length > 0
      ? flatten(nested, notes)
      : flat.map((message): Linked => ({ message, parent: parentOf(message) }));
  const messages = linked.map(({ message, id, parent }, index): ForeignMessage => {
    const persons = isPersons(message);
    return {
      id: id ?? wordsAt(message, "messageId") ?? `message ${index + 1}`,
      parent,
      items: persons ? personItems(message, notes) : answerItems(message, notes),
      model: persons ? undefined : (wordsAt(message, "model") ?? model),
      createdAt: momentAt(message, "createdAt"),
    };
  });
  const endpoint = wordsAt(value, "endpoint");
  return {
    id: wordsAt(value, "conversationId") ?? "",
    title: wordsAt(value, "title"),
    createdAt: null,
    updatedAt: null,
    current: undefined,
    archived: false,
    pinned: false,
    metadata: { ...(model ? { model } : {}), ...(endpoint ? { endpoint } : {}) },
    messages,
    notes,
  };
}

const parentOf = (message: Fields) => wordsAt(message, "parentMessageId") ?? null;
const isPersons = (message: Fields) => message.isCreatedByUser === true || message.sender === "User";

interface Linked {
  message: Fields;
  /** Set where the message's own id does not name it alone. */
  id?: string;
  parent: string | null;
}

/** Nested messages in a row, each with the one around it: in this form `parentMessageId` may be anything. */
function flatten(tree: readonly unknown[], notes: Notes): Linked[] {
  const found: Linked[] = [];
  const seen = new Set<string>();
  const waiting = tree.toReversed().map((node) => ({ node: fieldsOf(node), parent: null as string | null }));
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const named = wordsAt(next.node, "messageId") ?? `message ${found.length + 1}`;
    if (seen.has(named)) notes.add("Two messages have the same id; both came in.");
    const id = seen.has(named) ? `message ${found.length + 1} of the tree` : named;
    seen.add(id);
    found.push({ message: next.node, id, parent: next.parent });
    for (const child of listAt(next.node, "children").toReversed()) waiting.push({ node: fieldsOf(child), parent: id });
  }
  return found;
}

type Part = Parameters<typeof userParts>[0][number];

function personItems(message: Fields, notes: Notes): AgentInputItem[] {
  const content = listAt(message, "content").map(fieldsOf);
  const said = content.length > 0 ? content.flatMap((part) => personPart(part, notes)) : [];
  const text = said.length > 0 ? [] : [textPart(textAt(message, "text") ?? "")];
  return userParts([...said, ...text, ...attached(message)]);
}

function personPart(part: Fields, notes: Notes): Part[] {
  if (part.type === "text") return [textPart(textOf(part))];
  const image = wordsAt(fieldsAt(part, "image_url"), "url");
  if (image !== undefined) return [imagePart(image)];
  return [textPart(marked(part, notes))];
}

function answerItems(message: Fields, notes: Notes): AgentInputItem[] {
  const content = listAt(message, "content").map(fieldsOf);
  const complete = message.unfinished !== true;
  const items =
    content.length > 0
      ? pairCalls(
          content.flatMap((part, index) => answerPart(part, `${wordsAt(message, "messageId")}-${index}`, notes)),
        )
      : plainAnswer(textAt(message, "text") ?? "", complete);
  return [...items, ...attached(message).flatMap((part) => ("text" in part ? answerText(part.text) : []))];
}

/** Older versions put the thinking into the text, between marks of its own. */
function plainAnswer(text: string, complete: boolean): AgentInputItem[] {
  const end = text.startsWith(":::thinking") ? text.indexOf("\n:::", ":::thinking".length) : -1;
  if (end < 0) return answerText(text, complete);
  const thought = text.slice(":::thinking".length, end).trim();
  return [...reasoning(thought), ...answerText(text.slice(end + "\n:::".length).trim(), complete)];
}

function answerPart(part: Fields, fallbackId: string, notes: Notes): AgentInputItem[] {
  switch (part.type) {
    case "text":
      return answerText(textOf(part));
    case "think":
      return reasoning(textAt(part, "think") ?? wordsAt(fieldsAt(part, "think"), "value") ?? "");
    case "tool_call":
      return toolItems(fieldsAt(part, "tool_call"), part, fallbackId);
    case "error":
      return answerText(wordsAt(part, "error") ?? textOf(part));
    default:
      return answerText(marked(part, notes));
  }
}

function toolItems(inner: Fields, part: Fields, fallbackId: string): AgentInputItem[] {
  const told = wordsAt(inner, "name") === undefined && Object.keys(inner).length === 0 ? part : inner;
  const id = wordsAt(told, "id") ?? fallbackId;
  const name = wordsAt(told, "name") ?? wordsAt(fieldsAt(told, "function"), "name") ?? "tool";
  const input = field(told, "args") ?? field(fieldsAt(told, "function"), "arguments") ?? "{}";
  const output = field(told, "output") ?? field(fieldsAt(told, "function"), "output");
  const asked = call(id, name, input);
  if (output === undefined || output === null || output === "") return [asked];
  return [asked, result(id, name, typeof output === "string" ? output : asJsonBlock(output))];
}

/** The text of a part: a string, or a string inside an object. */
function textOf(part: Fields): string {
  return textAt(part, "text") ?? textAt(fieldsAt(part, "text"), "value") ?? "";
}

/** What can't be kept as it is: a picture on LibreChat's server gets a mark, the unknown is shown. */
function marked(part: Fields, notes: Notes): string {
  if (part.type === "image_file") {
    notes.add("A picture is not in the file; its place is marked.");
    const image = fieldsAt(part, "image_file");
    return `[Image: ${wordsAt(image, "filename") ?? wordsAt(image, "filepath") ?? wordsAt(image, "file_id") ?? "image"}]`;
  }
  const words = textOf(part);
  notes.add(`A part of the unknown kind "${kindOf(part.type)}" came in as it is.`);
  return words === "" ? asJsonBlock(part) : words;
}

function attached(message: Fields): Part[] {
  return [...listAt(message, "files"), ...listAt(message, "attachments")].flatMap((file) => {
    const name = wordsAt(file, "filename") ?? wordsAt(file, "name");
    return name === undefined ? [] : [textPart(`[Attachment: ${name}]`)];
  });
}
