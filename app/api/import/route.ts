import { z } from "zod";
import { AppError } from "#lib/errors.ts";
import { route } from "#lib/guard.ts";
import { beginImport } from "#lib/transfer/jobs.ts";
import { largestUpload, tooLarge } from "#lib/transfer/uploads.ts";

export const dynamic = "force-dynamic";

const named = z.object({ name: z.string().min(1).max(500) });

/** Takes a file as it is: the body is its bytes, whatever they are. */
export const POST = route(named, async (user, { name }, request) => {
  if (Number(request.headers.get("content-length") ?? 0) > largestUpload) throw tooLarge();
  if (request.bodyUsed) throw new AppError("invalid", "Send the file with the content type application/octet-stream.");
  if (!request.body) throw new AppError("invalid", "The file is empty. Choose the export of a chat product.");
  return Response.json({ id: await beginImport(user, name, request.body) }, { status: 201 });
});
