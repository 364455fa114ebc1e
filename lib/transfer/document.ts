import { encode } from "#lib/sessions/codec.ts";
import { DocumentWriter, documentRanges } from "#lib/sessions/document.ts";
import type { SessionState, SessionStore } from "#lib/sessions/store.ts";
import { readPages } from "./pages.ts";

/** A run as a document tells of it: how an answer came about. */
export interface DocumentRun {
  id: string;
  /** The name of its branch, or null when that is gone. */
  branch: string | null;
  status: string;
  agent: string;
  model: string | null;
  position: number;
  usage: unknown;
  error: unknown;
  created_at: string;
  finished_at: string | null;
}

/** What the application adds to the document of a session. */
export interface DocumentFrame {
  title: string;
  namespace: string;
  metadata: Record<string, unknown>;
  exportedAt: number;
}

/** Writes a session as the `switchboard.conversation` document, piece by piece. */
export async function* documentPieces(
  store: Pick<SessionStore, "read">,
  state: SessionState,
  { exportedAt, ...frame }: DocumentFrame,
  runs: AsyncIterable<DocumentRun> | Iterable<DocumentRun>,
): AsyncGenerator<string> {
  const writer = new DocumentWriter(state);
  yield `${fields({ ...writer.begin({ exportedAt }), ...frame }, "{")},\n"messages":[`;
  let before = "\n";
  for await (const page of readPages(store, state.id, documentRanges(state))) {
    for (const stored of page) {
      yield before + encode(writer.message(stored));
      before = ",\n";
    }
  }
  yield `\n],\n${fields(writer.end(), "")},\n"runs":[`;
  before = "\n";
  for await (const run of runs) {
    yield before + encode(run);
    before = ",\n";
  }
  yield "\n]}\n";
}

/** The members of an object as JSON, without the brace that would end it. */
const fields = (value: object, begin: string) => begin + encode(value).slice(1, -1);
