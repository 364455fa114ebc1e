import type { AgentInputItem } from "@openai/agents";
import {
  type CallResult,
  callInput,
  callOutput,
  handoffTarget,
  isCall,
  isCallResult,
  isCancelled,
  isRejected,
} from "#lib/runs/parts.ts";
import type { StoredItem } from "#lib/sessions/store.ts";
import { type Fields, fieldsOf, isRecord, kindOf, listAt, textAt, wordsAt } from "./lenient.ts";

/** What a reader of an exported conversation sees, one thing after the other. Pure: how it looks is for others. */
export type Block =
  | { kind: "turn"; role: "person" | "agent" | "system"; speaker: string; at: number }
  | { kind: "text"; text: string; incomplete: boolean }
  | { kind: "image"; source: string }
  | { kind: "file"; name: string; source: string }
  | { kind: "reasoning"; text: string }
  | { kind: "call"; name: string; input: unknown }
  | { kind: "result"; name: string; output: unknown; ended: Ended }
  | { kind: "open"; name: string }
  | { kind: "handoff"; from: string; to: string }
  | { kind: "other"; name: string; value: unknown };

/** How a call ended: a person may have rejected it, or the run was over before. */
export type Ended = "Result" | "Rejected" | "Cancelled";

export type AgentNames = (id: string) => string;

/** Turns items into blocks, page by page: it remembers who spoke last, and which calls have no result yet. */
export class BlockReader {
  readonly #nameOf: AgentNames;
  readonly #open = new Map<string, string>();
  #speaker = "";

  constructor(nameOf: AgentNames) {
    this.#nameOf = nameOf;
  }

  read(stored: StoredItem): Block[] {
    const { item } = stored;
    if (isCall(item)) this.#open.set(item.callId, item.name);
    if (isCallResult(item)) this.#open.delete(item.callId);
    const blocks = contentOf(stored, this.#nameOf);
    const turn = this.#turnOf(stored);
    const key = `${turn.role} ${turn.speaker}`;
    const begins = blocks.length > 0 && (turn.role !== "agent" || key !== this.#speaker);
    if (begins) this.#speaker = key;
    return begins ? [turn, ...blocks] : blocks;
  }

  /** What is left to say when everything has been read. */
  end(): Block[] {
    return [...this.#open.values()].map((name) => ({ kind: "open", name }));
  }

  #turnOf({ item, agent, createdAt }: StoredItem): Extract<Block, { kind: "turn" }> {
    const role = "role" in item ? item.role : undefined;
    if (role === "user") return { kind: "turn", role: "person", speaker: "You", at: createdAt };
    if (role === "system") return { kind: "turn", role: "system", speaker: "Instructions", at: createdAt };
    return { kind: "turn", role: "agent", speaker: agent ? this.#nameOf(agent) : "Assistant", at: createdAt };
  }
}

function contentOf({ item, agent }: StoredItem, nameOf: AgentNames): Block[] {
  if ("role" in item) return messageBlocks(item);
  if (item.type === "reasoning") return reasoningBlocks(item);
  if (isCall(item)) {
    return item.name.startsWith("transfer_to_") ? [] : [{ kind: "call", name: item.name, input: callInput(item) }];
  }
  if (isCallResult(item)) {
    const target = handoffTarget(item);
    if (target !== undefined) return [{ kind: "handoff", from: agent ? nameOf(agent) : "Assistant", to: target }];
    return resultBlocks(item.name, endOf(item), callOutput(item));
  }
  return [{ kind: "other", name: nameOfKind(item), value: item }];
}

function nameOfKind(item: AgentInputItem): string {
  const name = wordsAt(item, "name");
  const kind = String(item.type ?? "entry").replaceAll("_", " ");
  return name ? `${kind}: ${name}` : kind;
}

function messageBlocks(item: Fields & { role: string }): Block[] {
  const incomplete = item.status === "incomplete";
  if (typeof item.content === "string") return words(item.content, incomplete);
  return listAt(item, "content").flatMap((part) => partBlocks(fieldsOf(part), incomplete));
}

function words(text: string, incomplete = false): Block[] {
  return text === "" ? [] : [{ kind: "text", text, incomplete }];
}

function partBlocks(part: Fields, incomplete: boolean): Block[] {
  switch (part.type) {
    case "input_text":
    case "output_text":
    case "text":
      return words(textAt(part, "text") ?? "", incomplete);
    case "refusal":
      return words(textAt(part, "refusal") ?? "", incomplete);
    case "input_image":
    case "image":
      return [imageBlock(part)];
    case "input_file":
    case "file":
      return [fileBlock(part)];
    case "audio":
      return words(textAt(part, "transcript") ?? "(audio)", incomplete);
    default:
      return [{ kind: "other", name: kindOf(part.type), value: part }];
  }
}

function imageBlock(part: Fields): Block {
  return { kind: "image", source: sourceOf(part.image ?? part.imageUrl, "image/png") };
}

function fileBlock(part: Fields): Block {
  const inner = fieldsOf(part.file);
  const name = wordsAt(part, "filename") ?? wordsAt(inner, "filename") ?? "file";
  return { kind: "file", name, source: sourceOf(part.file, "application/octet-stream") };
}

/** A data URL, an address, or the name under which a provider keeps the content. */
function sourceOf(value: unknown, mediaType: string): string {
  if (typeof value === "string") {
    return /^[a-z][a-z0-9+.-]*:/i.test(value) ? value : `data:${mediaType};base64,${value}`;
  }
  if (!isRecord(value)) return "";
  const kept = wordsAt(value, "url") ?? wordsAt(value, "id") ?? wordsAt(value, "fileId");
  const data = wordsAt(value, "data");
  return kept ?? (data ? sourceOf(data, wordsAt(value, "mediaType") ?? mediaType) : "");
}

function reasoningBlocks(item: Extract<AgentInputItem, { type: "reasoning" }>): Block[] {
  const parts = [...listAt(item, "content"), ...listAt(item, "rawContent")];
  const text = parts.map((part) => textAt(part, "text") ?? "").filter(Boolean);
  return text.length > 0 ? [{ kind: "reasoning", text: text.join("\n\n") }] : [];
}

const endOf = (result: CallResult): Ended =>
  isCancelled(result) ? "Cancelled" : isRejected(result) ? "Rejected" : "Result";

function resultBlocks(name: string, ended: Ended, output: unknown): Block[] {
  const pieces = Array.isArray(output) ? output : [output];
  const media = pieces.flatMap((piece) => (isMedia(piece) ? partBlocks(piece, false) : []));
  const rest = media.length > 0 ? pieces.filter((piece) => !isMedia(piece)) : [output];
  const told: Block[] = rest.length > 0 ? [{ kind: "result", name, output: single(rest), ended }] : [];
  return [...told, ...media];
}

const single = (values: unknown[]): unknown => (values.length === 1 ? values[0] : values);
const isMedia = (piece: unknown): piece is Fields =>
  isRecord(piece) && ["image", "file", "input_image", "input_file"].includes(String(piece.type));
