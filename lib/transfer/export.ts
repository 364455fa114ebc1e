import { and, asc, eq, gt, or } from "drizzle-orm";
import { database } from "#db/client.ts";
import { runs } from "#db/schema.ts";
import type { Conversation, Owned } from "#lib/access.ts";
import { profileOf } from "#lib/agents/directory.ts";
import { notFound } from "#lib/errors.ts";
import { history } from "#lib/history.ts";
import { findBranch, lineage } from "#lib/sessions/segments.ts";
import type { SessionState, SessionStore } from "#lib/sessions/store.ts";
import { BlockReader } from "./blocks.ts";
import { type DocumentRun, documentPieces } from "./document.ts";
import { fileNameOf } from "./file-name.ts";
import { htmlPrinter } from "./html.ts";
import { markdownPrinter } from "./markdown.ts";
import { readPages } from "./pages.ts";
import type { About, Printer } from "./print.ts";

export const exportFormats = ["json", "markdown", "html"] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** A file that is written while it is read. */
export interface ExportedFile {
  name: string;
  type: string;
  pieces: AsyncIterable<string>;
}

const kinds = {
  json: { ending: "json", type: "application/json; charset=utf-8" },
  markdown: { ending: "md", type: "text/markdown; charset=utf-8" },
  html: { ending: "html", type: "text/html; charset=utf-8" },
};

export interface ExportWish {
  format: ExportFormat;
  /** What to print; the current branch when absent. A JSON document has all branches. */
  branch?: string;
  now: number;
}

/** One conversation as a file: JSON has the whole tree, Markdown and HTML show one branch. */
export async function exportConversation(conversation: Owned<Conversation>, wish: ExportWish): Promise<ExportedFile> {
  const state = await history().load(conversation.id);
  if (!state) throw new Error(`Conversation ${conversation.id} has no history.`);
  if (wish.branch !== undefined && !state.branches.some(({ id }) => id === wish.branch)) throw notFound("branch");
  const { ending, type } = kinds[wish.format];
  return { name: `${fileNameOf(conversation.title)}.${ending}`, type, pieces: piecesOf(conversation, state, wish) };
}

function piecesOf(conversation: Conversation, state: SessionState, wish: ExportWish): AsyncIterable<string> {
  if (wish.format === "json") {
    const { title, namespace, metadata } = conversation;
    const frame = { title, namespace, metadata: { ...state.metadata, ...metadata }, exportedAt: wish.now };
    return documentPieces(history(), state, frame, runsOf(conversation.id, state));
  }
  const branch = findBranch(state, wish.branch);
  const about = {
    title: conversation.title,
    namespace: conversation.namespace,
    branch: branch.name,
    branches: state.branches.length,
    createdAt: conversation.createdAt,
    exportedAt: wish.now,
  };
  const printer = wish.format === "html" ? htmlPrinter() : markdownPrinter;
  return printedPieces(history(), state, branch.id, about, printer);
}

/** A branch of a session as a printer shows it. */
export async function* printedPieces(
  store: Pick<SessionStore, "read">,
  state: SessionState,
  branch: string,
  about: About,
  printer: Printer,
): AsyncGenerator<string> {
  const reader = new BlockReader((id) => profileOf(id)?.name ?? id);
  yield printer.begin(about);
  for await (const page of readPages(store, state.id, lineage(state, branch))) {
    for (const stored of page) for (const block of reader.read(stored)) yield printer.block(block);
  }
  for (const block of reader.end()) yield printer.block(block);
  yield printer.end();
}

const runsAtOnce = 500;

async function* runsOf(conversation: string, state: SessionState): AsyncGenerator<DocumentRun> {
  const names = new Map(state.branches.map(({ id, name }) => [id, name]));
  let last: { id: string; createdAt: number } | undefined;
  do {
    const after =
      last && or(gt(runs.createdAt, last.createdAt), and(eq(runs.createdAt, last.createdAt), gt(runs.id, last.id)));
    const page: (typeof runs.$inferSelect)[] = await database()
      .select()
      .from(runs)
      .where(and(eq(runs.conversationId, conversation), after))
      .orderBy(asc(runs.createdAt), asc(runs.id))
      .limit(runsAtOnce);
    for (const run of page) yield documentRun(run, names);
    last = page.length === runsAtOnce ? page.at(-1) : undefined;
  } while (last);
}

function documentRun(run: typeof runs.$inferSelect, names: Map<string, string>): DocumentRun {
  const { id, status, agent, model, position, usage, error } = run;
  return {
    id,
    branch: names.get(run.branchId) ?? null,
    status,
    agent,
    model,
    position,
    usage,
    error,
    created_at: new Date(run.createdAt).toISOString(),
    finished_at: run.finishedAt === null ? null : new Date(run.finishedAt).toISOString(),
  };
}
