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
import { assetReference } from "./assets.ts";
import {
  answerText,
  asJsonBlock,
  call,
  imagePart,
  noResult,
  reasoning,
  result,
  sourceList,
  systemText,
  textPart,
  userParts,
} from "./items.ts";
import { type ForeignConversation, type ForeignMessage, Notes } from "./tree.ts";

/** One conversation of a ChatGPT export. */
export function readChatGpt(value: Fields): ForeignConversation {
  const notes = new Notes();
  const mapping = fieldsAt(value, "mapping");
  const model = wordsAt(value, "default_model_slug");
  const nodes = inOrderOfChildren(mapping);
  const messages = nodes.map((id) => readNode(id, mapping, model, notes));
  return {
    id: wordsAt(value, "conversation_id") ?? wordsAt(value, "id") ?? "",
    title: wordsAt(value, "title"),
    createdAt: momentAt(value, "create_time"),
    updatedAt: momentAt(value, "update_time"),
    current: wordsAt(value, "current_node"),
    archived: value.is_archived === true,
    pinned: value.is_starred === true,
    metadata: model ? { model } : {},
    messages,
    notes,
  };
}

/** All nodes, siblings in the order of their parent's list of children. */
function inOrderOfChildren(mapping: Fields): string[] {
  const seen = new Set<string>();
  const ids = Object.keys(mapping);
  const begins = ids.filter((id) => !Object.hasOwn(mapping, wordsAt(mapping[id], "parent") ?? ""));
  for (const start of [...begins, ...ids]) {
    const waiting = [start];
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      if (seen.has(id) || !Object.hasOwn(mapping, id)) continue;
      seen.add(id);
      const children = listAt(mapping[id], "children").filter((child) => typeof child === "string");
      for (const child of children.toReversed()) waiting.push(child);
    }
  }
  return [...seen];
}

function readNode(id: string, mapping: Fields, defaultModel: string | undefined, notes: Notes): ForeignMessage {
  const node = mapping[id];
  const message = fieldsAt(node, "message");
  const metadata = fieldsAt(message, "metadata");
  const role = wordsAt(fieldsAt(message, "author"), "role");
  return {
    id,
    parent: wordsAt(node, "parent") ?? null,
    items: isHidden(message) || !isRecord(field(node, "message")) ? [] : itemsOf(id, role, message, mapping, notes),
    model: role === "user" ? undefined : (wordsAt(metadata, "model_slug") ?? defaultModel),
    createdAt: momentAt(message, "create_time"),
  };
}

function itemsOf(
  id: string,
  role: string | undefined,
  message: Fields,
  mapping: Fields,
  notes: Notes,
): AgentInputItem[] {
  const content = fieldsAt(message, "content");
  const parts = partsOf(content, notes);
  if (role === "user") return userParts([...parts, ...attachments(message, parts)]);
  const text = parts.map((part) => (part.type === "input_text" ? part.text : "")).join("\n\n");
  if (role === "system") return systemText(text.trim());
  if (role === "tool") return resultItems(id, message, parts, mapping);
  if (role !== "assistant") notes.add(`A message of the unknown role "${kindOf(role)}" came in as an answer.`);
  const target = wordsAt(message, "recipient") ?? "all";
  if (isThought(content)) return reasoning(text);
  if (target !== "all") return callItems(id, target, content, text, mapping);
  const images = parts.filter((part) => part.type === "input_image");
  const said = content.content_type === "code" ? fenced(text, wordsAt(content, "language")) : cited(text, message);
  return [...answerText(said, message.status !== "in_progress"), ...(images.length > 0 ? imageItems(id, images) : [])];
}

type Part = Parameters<typeof userParts>[0][number];
const isThought = ({ content_type }: Fields) => content_type === "thoughts" || content_type === "reasoning_recap";
const fenced = (text: string, language = "") =>
  text === "" ? "" : `\`\`\`${language === "unknown" ? "" : language.replace(/[^\w+-]/g, "")}\n${text}\n\`\`\``;

function partsOf(content: Fields, notes: Notes): Part[] {
  switch (content.content_type) {
    case "text":
    case "multimodal_text":
      return listAt(content, "parts").flatMap((part) => mediaPart(part, notes));
    case "code":
    case "execution_output":
    case "system_error":
      return [textPart(textAt(content, "text") ?? "")];
    case "thoughts":
      return [textPart(listAt(content, "thoughts").map(thoughtText).filter(Boolean).join("\n\n"))];
    case "reasoning_recap":
      return [textPart(textAt(content, "content") ?? "")];
    case "tether_quote":
      return [textPart(quoted(content))];
    case "tether_browsing_display":
      return [textPart(wordsAt(content, "result") ?? wordsAt(content, "summary") ?? "")];
    case "user_editable_context":
      return ["user_profile", "user_instructions"].map((name) => textPart(textAt(content, name) ?? ""));
    default:
      return unknownPart(content, notes);
  }
}

function unknownPart(content: Fields, notes: Notes): Part[] {
  notes.add(`Content of the unknown kind "${kindOf(content.content_type)}" came in as it is.`);
  const known = wordsAt(content, "text") ?? wordsAt(content, "content") ?? wordsAt(content, "result");
  if (known !== undefined) return [textPart(known)];
  const parts = listAt(content, "parts");
  return parts.length > 0 ? parts.flatMap((part) => mediaPart(part, notes)) : [textPart(asJsonBlock(content))];
}

function mediaPart(part: unknown, notes: Notes): Part[] {
  if (typeof part === "string") return [textPart(part)];
  const fields = fieldsOf(part);
  const pointer = wordsAt(fields, "asset_pointer");
  if (fields.content_type === "image_asset_pointer" && pointer) return [imagePart(assetReference(pointer))];
  const words = wordsAt(fields, "text");
  if (words !== undefined) return [textPart(words)];
  if (pointer !== undefined || isRecord(fields.audio_asset_pointer)) {
    notes.add("A sound or a video is not kept; its place is marked.");
    return [textPart(`[${kindOf(fields.content_type).replaceAll("_", " ")}]`)];
  }
  if (part === null) return [];
  notes.add(`A part of the unknown kind "${kindOf(fields.content_type)}" came in as it is.`);
  return [textPart(asJsonBlock(part))];
}

function thoughtText(thought: unknown): string {
  const { summary, content } = fieldsOf(thought);
  return [typeof summary === "string" && summary ? `**${summary}**` : "", typeof content === "string" ? content : ""]
    .filter(Boolean)
    .join("\n\n");
}

function quoted(content: Fields): string {
  const title = wordsAt(content, "title") ?? wordsAt(content, "domain") ?? "";
  return [title, wordsAt(content, "url") ?? "", textAt(content, "text") ?? ""].filter(Boolean).join("\n");
}

function attachments(message: Fields, parts: readonly Part[]): Part[] {
  const shown = parts.flatMap((part) => (part.type === "input_image" ? [String(part.image)] : []));
  return listAt(fieldsAt(message, "metadata"), "attachments").flatMap((attachment) => {
    const id = wordsAt(attachment, "id") ?? "";
    const name = wordsAt(attachment, "name") ?? id;
    return name === "" || (id !== "" && shown.some((image) => image.includes(id)))
      ? []
      : [textPart(`[Attachment: ${name}]`)];
  });
}

/** A message to a tool. Its result is the tool's message below it; without one it gets a result that says so. */
function callItems(id: string, tool: string, content: Fields, text: string, mapping: Fields): AgentInputItem[] {
  const input = content.content_type === "code" && !isJson(text) ? { code: text } : text;
  const answered = listAt(mapping[id], "children").some((child) => {
    return roleOf(mapping, child) === "tool" && !isHidden(messageOf(mapping, child));
  });
  const asked = call(id, tool, typeof input === "string" && !isJson(input) ? { input } : input);
  return answered ? [asked] : [asked, result(id, tool, noResult, "incomplete")];
}

function resultItems(id: string, message: Fields, parts: readonly Part[], mapping: Fields): AgentInputItem[] {
  const name = wordsAt(fieldsAt(message, "author"), "name") ?? "tool";
  const text = parts.map((part) => (part.type === "input_text" ? part.text : "")).join("\n\n");
  const images = parts.filter((part) => part.type === "input_image");
  const parent = wordsAt(mapping[id], "parent") ?? "";
  const isFirst = callerOf(mapping, parent) !== undefined;
  const told = isFirst
    ? [result(parent, callerOf(mapping, parent) ?? name, text)]
    : text === ""
      ? []
      : [call(id, name, "{}"), result(id, name, text)];
  return [...told, ...(images.length > 0 ? imageItems(id, images) : [])];
}

/** Pictures that the assistant or a tool made: an answer may hold them as the output of a tool. */
function imageItems(id: string, images: readonly Part[]): AgentInputItem[] {
  const callId = `${id}-image`;
  const output = images.flatMap((part) => (part.type === "input_image" ? [part] : []));
  return [
    call(callId, "image", "{}"),
    { type: "function_call_result", callId, name: "image", status: "completed", output: [...output] },
  ];
}

function messageOf(mapping: Fields, id: unknown): Fields {
  return typeof id === "string" && Object.hasOwn(mapping, id) ? fieldsAt(mapping[id], "message") : {};
}

const roleOf = (mapping: Fields, id: unknown) => wordsAt(fieldsAt(messageOf(mapping, id), "author"), "role");

const isHidden = (message: Fields): boolean =>
  message.weight === 0 || fieldsAt(message, "metadata").is_visually_hidden_from_conversation === true;

/** The tool that the message with this id called, if it called one and can be seen. */
function callerOf(mapping: Fields, id: string): string | undefined {
  const message = messageOf(mapping, id);
  const target = wordsAt(message, "recipient") ?? "all";
  if (roleOf(mapping, id) !== "assistant" || isHidden(message) || isThought(fieldsAt(message, "content")))
    return undefined;
  return target === "all" ? undefined : target;
}

function isJson(text: string): boolean {
  try {
    return isRecord(JSON.parse(text));
  } catch {
    return false;
  }
}

// ChatGPT marks citations in the text with characters that nothing else uses.
const marks = /\ue200[^\ue201]{0,2000}\ue201/g;

/** Text with its citations: in place where the export says where, and all of them as a list below. */
function cited(text: string, message: Fields): string {
  const metadata = fieldsAt(message, "metadata");
  const found = listAt(metadata, "citations").flatMap((citation) => linkOf(field(citation, "metadata")));
  const references = listAt(metadata, "content_references").flatMap((reference) => [
    ...linkOf(reference),
    ...listAt(reference, "items").flatMap(linkOf),
  ]);
  const clean = text.replace(marks, "").replace(/[\ue200-\ue202]/g, "");
  return clean + sourceList([...found, ...references]);
}

function linkOf(value: unknown): { title: string | undefined; url: string }[] {
  const url = wordsAt(value, "url");
  return url === undefined ? [] : [{ title: wordsAt(value, "title"), url }];
}
