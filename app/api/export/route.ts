import { z } from "zod";
import { ownConversation, ownNamespace, type User } from "#lib/access.ts";
import { record } from "#lib/audit.ts";
import { route } from "#lib/guard.ts";
import { newId } from "#lib/sessions/ids.ts";
import { archive, countConversations } from "#lib/transfer/archive.ts";
import { exportConversation, exportFormats } from "#lib/transfer/export.ts";
import { followExport, type ShownExport } from "#lib/transfer/exports.ts";
import { attachment } from "#lib/transfer/file-name.ts";
import { bodyOf, encodePieces } from "#lib/transfer/pieces.ts";

export const dynamic = "force-dynamic";

/** One conversation, or, without its id, a namespace or everything as a ZIP. */
const wish = z.object({
  conversation: z.string().optional(),
  branch: z.string().optional(),
  namespace: z.string().optional(),
  format: z.enum(exportFormats, { error: "json, markdown or html" }).default("json"),
  /** Under which the browser follows how far it is. */
  id: z.string().max(64).optional(),
});

export const GET = route(wish, async (user, input) => {
  if (input.conversation === undefined) return exportMany(user, input);
  const conversation = await ownConversation(user, input.conversation);
  const file = await exportConversation(conversation, { ...input, now: Date.now() });
  await record({ userId: user.id, action: "conversation.export", target: conversation.id });
  return download(file.name, file.type, bodyOf(encodePieces(file.pieces)));
});

async function exportMany(user: User, { namespace, format, id }: z.output<typeof wish>): Promise<Response> {
  const own = namespace === undefined ? undefined : await ownNamespace(user, namespace);
  await record({ userId: user.id, action: "data.export", target: namespace ?? null });
  const now = Date.now();
  const day = new Date(now).toISOString().slice(0, 10);
  const name = `switchboard-${own?.type ?? "everything"}-${day}.zip`;
  const total = await countConversations(user, own);
  const shown: ShownExport = { id: id ?? newId(), name, phase: "running", written: 0, total, bytes: 0 };
  const onWritten = () => {
    shown.written += 1;
  };
  const body = archive(user, { format, now, onWritten, ...(own ? { namespace: own } : {}) });
  return download(name, "application/zip", followExport(user, shown, body));
}

function download(name: string, type: string, body: ReadableStream<Uint8Array>): Response {
  return new Response(body, {
    headers: {
      "content-type": type,
      "content-disposition": attachment(name),
      "cache-control": "private, no-store",
      "x-content-type-options": "nosniff",
      "content-security-policy": "sandbox",
    },
  });
}
