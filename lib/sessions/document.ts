import type { AgentInputItem } from "@openai/agents";
import { z } from "zod";
import { isItem } from "./codec.ts";
import { SessionError } from "./errors.ts";
import { newId } from "./ids.ts";
import { reachable } from "./segments.ts";
import type { Branch, Change, NewItem, Range, Segment, SessionState, StoredItem, Summary } from "./store.ts";

export const DOCUMENT_FORMAT = "switchboard.conversation";
export const DOCUMENT_VERSION = 1;

const Item = z.custom<AgentInputItem>(isItem, "is not an object");
const Moment = z.string().refine((text) => !Number.isNaN(Date.parse(text)), "is not a date");
const Metadata = z.record(z.string(), z.unknown());
const Amount = z.number().nonnegative();

const Message = z.object({
  id: z.string().min(1),
  parent_id: z.string().nullable(),
  agent: z.string().nullish(),
  run: z.string().nullish(),
  model: z.string().nullish(),
  usage: z
    .object({
      requests: Amount,
      inputTokens: Amount,
      outputTokens: Amount,
      totalTokens: Amount,
      cachedInputTokens: Amount.optional(),
      reasoningTokens: Amount.optional(),
    })
    .nullish(),
  created_at: Moment,
  item: Item,
});

const DocumentSchema = z.object({
  format: z.literal(DOCUMENT_FORMAT),
  version: z.number().int(),
  conversation_id: z.string(),
  exported_at: Moment,
  title: z.string().nullish(),
  namespace: z.string().nullish(),
  agent: z.string().nullish(),
  metadata: Metadata.default({}),
  head: z.string().nullable(),
  branches: z.array(
    z.object({
      name: z.string(),
      head: z.string().nullable(),
      current: z.boolean().default(false),
      agent: z.string().nullish(),
      created_at: Moment.optional(),
      updated_at: Moment.optional(),
    }),
  ),
  messages: z.array(Message),
  summaries: z.array(z.object({ head: z.string(), items: z.array(Item), created_at: Moment })).default([]),
  runs: z.array(z.unknown()).default([]),
});

const PlainSchema = z.object({
  conversation_id: z.string().optional(),
  exported_at: Moment.optional(),
  messages: z.array(z.looseObject({ role: z.string(), content: z.unknown() })),
});

/** A session as JSON: what `exportSession` writes and `importSession` reads. */
export type SessionDocument = z.input<typeof DocumentSchema>;

/** A session as a document. Messages are flat, linked to their parents, parents first, each once. */
export function toDocument(
  state: SessionState,
  items: readonly StoredItem[],
  { exportedAt }: { exportedAt: number },
): SessionDocument {
  const bySegment = new Map<string, StoredItem[]>();
  for (const item of items) {
    const list = bySegment.get(item.segment);
    if (list) list.push(item);
    else bySegment.set(item.segment, [item]);
  }
  const writer = new DocumentWriter(state);
  const messages = documentRanges(state).flatMap(({ segment }) =>
    (bySegment.get(segment) ?? []).map((stored) => writer.message(stored)),
  );
  return { ...writer.begin({ exportedAt }), metadata: state.metadata, messages, ...writer.end(), runs: [] };
}

/** The ranges that a document needs, parents first: everything that a branch reaches, each item once. */
export function documentRanges(state: SessionState): Range[] {
  const reach = reachable(state);
  return parentsFirst(state.segments).map(({ id, fork }) => ({ segment: id, from: fork, to: reach.get(id) ?? fork }));
}

/** Messages that follow each other in a segment and have consecutive numbers. */
interface Stretch {
  from: number;
  to: number;
  number: number;
}

/**
 * A document in parts, for a session that is too large to be held at once: `begin`, each item in
 * the order of `documentRanges`, then `end`, which says where the branches and summaries point.
 */
export class DocumentWriter {
  readonly #state: SessionState;
  readonly #segments: ReadonlyMap<string, Segment>;
  readonly #written = new Map<string, Stretch[]>();
  #count = 0;

  constructor(state: SessionState) {
    this.#state = state;
    this.#segments = new Map(state.segments.map((segment) => [segment.id, segment]));
  }

  begin({ exportedAt }: { exportedAt: number }) {
    return {
      format: DOCUMENT_FORMAT,
      version: DOCUMENT_VERSION,
      conversation_id: this.#state.id,
      exported_at: moment(exportedAt),
    } as const;
  }

  message(stored: StoredItem): SessionDocument["messages"][number] {
    const { segment, position } = stored;
    const parent = this.#head(segment, position);
    this.#count += 1;
    const stretches = this.#written.get(segment) ?? [];
    this.#written.set(segment, stretches);
    const last = stretches.at(-1);
    if (last?.to === position) last.to += 1;
    else stretches.push({ from: position, to: position + 1, number: this.#count });
    return { id: `m${this.#count}`, parent_id: parent, ...authorOf(stored) };
  }

  end(): Pick<SessionDocument, "agent" | "head" | "branches" | "summaries"> {
    const branches = this.#state.branches.map((branch) => ({
      name: branch.name,
      head: this.#head(branch.segment, branch.length),
      current: branch.id === this.#state.current,
      agent: branch.agent,
      created_at: moment(branch.createdAt),
      updated_at: moment(branch.updatedAt),
    }));
    const current = branches.find((branch) => branch.current);
    const reach = reachable(this.#state);
    const summaries = this.#state.summaries.flatMap((summary) => {
      if (summary.position > (reach.get(summary.segment) ?? -1)) return [];
      const head = this.#head(summary.segment, summary.position);
      return head === null ? [] : [{ head, items: summary.items, created_at: moment(summary.createdAt) }];
    });
    return { agent: current?.agent ?? null, head: current?.head ?? null, branches, summaries };
  }

  /** What a history of `length` items ends with. What can't be read is missing: then it is the last one before it. */
  #head(segment: string, length: number): string | null {
    let to = length;
    let owner = this.#segments.get(segment);
    while (owner) {
      const end = to;
      const stretch = this.#written.get(owner.id)?.findLast(({ from }) => from < end);
      if (stretch) return `m${stretch.number + Math.min(end, stretch.to) - 1 - stretch.from}`;
      to = Math.min(to, owner.fork);
      owner = owner.parent === null ? undefined : this.#segments.get(owner.parent);
    }
    return null;
  }
}

function authorOf({ item, agent, run, model, usage, createdAt }: NewItem) {
  return { agent, run, ...(model ? { model } : {}), ...(usage ? { usage } : {}), created_at: moment(createdAt), item };
}

/** In the order in which they were made, but none before its parent. */
function parentsFirst(segments: readonly Segment[]): Segment[] {
  const sorted = new Map<string | null, Segment>();
  for (let rest = [...segments]; rest.length > 0; ) {
    const later: Segment[] = [];
    for (const segment of rest) {
      if (segment.parent === null || sorted.has(segment.parent)) sorted.set(segment.id, segment);
      else later.push(segment);
    }
    if (later.length === rest.length) break;
    rest = later;
  }
  return [...sorted.values()];
}

function moment(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/**
 * The change that makes a session of a document, ours or the plain `{ messages: [{ role, content }] }`.
 *
 * @throws SessionError `document_invalid`, which says where the document is wrong.
 */
export function planImport(document: unknown, at: number): Change {
  const isOurs = document !== null && typeof document === "object" && "format" in document;
  return isOurs ? planOwn(parse(DocumentSchema, document), at) : planPlain(parse(PlainSchema, document), at);
}

type Parsed = z.output<typeof DocumentSchema>;

function planOwn(document: Parsed, at: number): Change {
  if (document.version > DOCUMENT_VERSION) {
    throw invalid(`is of version ${document.version}; this program reads up to ${DOCUMENT_VERSION}. Update it`);
  }
  const messages = new Map(document.messages.map((message) => [message.id, message]));
  if (messages.size < document.messages.length) throw invalid("has two messages with the same id");
  const places = new Map<string, { segment: string; position: number }>();
  const segments: Segment[] = [];
  const items: StoredItem[] = [];

  /** Gives a place to every message up to `head` that has none; the segment that ends there, and its length. */
  const lay = (head: string | null): { segment: string; length: number } => {
    const path: Parsed["messages"] = [];
    let id = head;
    while (id !== null && !places.has(id)) {
      const message = messages.get(id);
      if (!message) throw invalid(`refers to a message "${id}" that it does not have`);
      if (path.length > messages.size) throw invalid(`has messages that are their own ancestors ("${id}")`);
      path.push(message);
      id = message.parent_id;
    }
    const parent = id === null ? undefined : places.get(id);
    const fork = parent ? parent.position + 1 : 0;
    const segment: Segment = { id: newId(), parent: parent?.segment ?? null, fork };
    segments.push(segment);
    path.reverse().forEach((message, index) => {
      places.set(message.id, { segment: segment.id, position: fork + index });
      items.push({ segment: segment.id, position: fork + index, ...newItemOf(message) });
    });
    return { segment: segment.id, length: fork + path.length };
  };

  const listed =
    document.branches.length > 0 ? document.branches : [{ name: "main", head: document.head, current: true }];
  // Versions are counted in the order of their segments: what the document tells first is laid first.
  const told = depthFirst(document.messages);
  const laid = new Map(
    listed
      .toSorted((left, right) => (told.get(left.head) ?? 0) - (told.get(right.head) ?? 0))
      .map((branch) => [branch, lay(branch.head)]),
  );
  const branches: Branch[] = listed.map((branch) => ({ ...branchOf(branch, at), ...laid.get(branch) }));
  const names = new Set(branches.map(({ name }) => name));
  if (names.size < branches.length) throw invalid("has two branches with the same name");
  for (const head of leavesWithout(document.messages, places)) {
    let number = branches.length + 1;
    while (names.has(`branch ${number}`)) number++;
    names.add(`branch ${number}`);
    branches.push({ ...branchOf({ name: `branch ${number}` }, at), ...lay(head) });
  }
  const current =
    branches[
      Math.max(
        0,
        listed.findIndex((branch) => branch.current),
      )
    ];
  const summaries: Summary[] = document.summaries.map((summary) => {
    const place = places.get(summary.head);
    if (!place) throw invalid(`has a summary of a message "${summary.head}" that it does not have`);
    const createdAt = Date.parse(summary.created_at);
    return { id: newId(), segment: place.segment, position: place.position + 1, items: summary.items, createdAt };
  });
  const metadata = document.metadata;
  return { create: true, segments, branches, items, summaries, current: current?.id, metadata, at };
}

/** The number of each message when each is followed by all that comes after it, siblings in their order. */
function depthFirst(messages: Parsed["messages"]): Map<string | null, number> {
  const children = new Map<string | null, Parsed["messages"]>();
  for (const message of messages) {
    const siblings = children.get(message.parent_id);
    if (siblings) siblings.push(message);
    else children.set(message.parent_id, [message]);
  }
  const numbers = new Map<string | null, number>();
  const open = (children.get(null) ?? []).toReversed();
  for (let next = open.pop(); next; next = open.pop()) {
    numbers.set(next.id, numbers.size + 1);
    for (const child of (children.get(next.id) ?? []).toReversed()) open.push(child);
  }
  return numbers;
}

/** The ends of paths that no branch goes along: they become branches too, so that nothing is lost. */
function leavesWithout(messages: Parsed["messages"], places: ReadonlyMap<string, unknown>): string[] {
  const parents = new Set(messages.map((message) => message.parent_id));
  return messages.filter(({ id }) => !places.has(id) && !parents.has(id)).map(({ id }) => id);
}

function branchOf(
  branch: { name: string; agent?: string | null; created_at?: string; updated_at?: string },
  at: number,
): Branch {
  return {
    id: newId(),
    name: branch.name,
    segment: "",
    length: 0,
    agent: branch.agent ?? null,
    createdAt: branch.created_at ? Date.parse(branch.created_at) : at,
    updatedAt: branch.updated_at ? Date.parse(branch.updated_at) : at,
  };
}

function newItemOf({ item, agent, run, model, usage, created_at }: Parsed["messages"][number]): NewItem {
  return {
    item,
    agent: agent ?? null,
    run: run ?? null,
    createdAt: Date.parse(created_at),
    ...(model ? { model } : {}),
    ...(usage ? { usage } : {}),
  };
}

function planPlain({ messages, exported_at }: z.output<typeof PlainSchema>, at: number): Change {
  const created_at = exported_at ?? moment(at);
  const linked = messages.map((message, index) => ({
    id: `m${index + 1}`,
    parent_id: index === 0 ? null : `m${index}`,
    created_at,
    item: plainItem(message, index),
  }));
  const head = linked.at(-1)?.id ?? null;
  return planOwn(
    {
      format: DOCUMENT_FORMAT,
      version: DOCUMENT_VERSION,
      conversation_id: "",
      exported_at: created_at,
      metadata: {},
      head,
      branches: [{ name: "main", head, current: true }],
      messages: linked,
      summaries: [],
      runs: [],
    },
    at,
  );
}

function plainItem(message: { role: string; content: unknown }, index: number): AgentInputItem {
  const { role, content } = message;
  if (typeof content === "string") {
    if (role === "user") return { role, content };
    if (role === "system" || role === "developer") return { role: "system", content };
    if (role === "assistant") {
      return { type: "message", role, status: "completed", content: [{ type: "output_text", text: content }] };
    }
  }
  if (Array.isArray(content) && ["user", "assistant", "system"].includes(role) && isItem(message)) return message;
  throw invalid(`has a message (number ${index + 1}) of role "${role}" whose content can't be read`);
}

function parse<Schema extends z.ZodType>(schema: Schema, document: unknown): z.output<Schema> {
  const parsed = schema.safeParse(document);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw invalid(`is wrong at ${issue?.path.join(".") || "its start"}: ${issue?.message}`);
}

function invalid(what: string): SessionError {
  return new SessionError("document_invalid", `The document ${what}. Nothing was imported.`);
}
