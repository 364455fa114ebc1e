import { documentRanges, planImport, type SessionDocument, toDocument } from "./document.ts";
import { SessionError } from "./errors.ts";
import type { StoreSession } from "./session.ts";

/** The whole session, all branches, as a document of JSON values. */
export async function exportSession(session: StoreSession): Promise<SessionDocument> {
  const state = await session.store.load(session.id);
  if (!state) throw new SessionError("session_missing", `Session ${session.id} does not exist: nothing to export.`);
  const items = await session.store.read(session.id, documentRanges(state));
  return toDocument(state, items, { exportedAt: Date.now() });
}

/**
 * Fills a new session from a document (or its text): one of `exportSession`, or the plain
 * `{ conversation_id, exported_at, messages: [{ role, content }] }`. All of it or nothing.
 *
 * @returns What came in.
 */
export async function importSession(
  document: unknown,
  session: StoreSession,
): Promise<{ items: number; branches: number }> {
  const change = planImport(typeof document === "string" ? parseText(document) : document, Date.now());
  const result = await session.store.commit(session.id, change);
  if (result.status === "conflict") {
    throw new SessionError("conflict", `Session ${session.id} exists already. Import under a new id.`);
  }
  return { items: change.items?.length ?? 0, branches: change.branches?.length ?? 0 };
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SessionError("document_invalid", "The document is not JSON. Nothing was imported.", cause);
  }
}
