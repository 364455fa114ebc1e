// `npm run export -- --user EMAIL`: what the browser downloads, as a file in a folder.
import { createWriteStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import { ownConversation, ownNamespace } from "#lib/access.ts";
import { AppError } from "#lib/errors.ts";
import { archive } from "#lib/transfer/archive.ts";
import { type ExportFormat, exportConversation, exportFormats } from "#lib/transfer/export.ts";
import { encodePieces, streamOf } from "#lib/transfer/pieces.ts";
import { runCommand, userOfShell } from "#lib/transfer/shell.ts";

const usage =
  "npm run export -- --user EMAIL [--conversation ID [--branch ID] | --namespace TYPE] [--format json|markdown|html] [--out DIR]";

await runCommand(async () => {
  const { values } = parseArgs({
    options: {
      user: { type: "string" },
      conversation: { type: "string" },
      branch: { type: "string" },
      namespace: { type: "string" },
      format: { type: "string", default: "json" },
      out: { type: "string", default: "." },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return void console.log(usage);
  const user = await userOfShell(values.user);
  const wish = { format: formatOf(values.format), now: Date.now() };
  await mkdir(values.out, { recursive: true });
  if (values.conversation) {
    const conversation = await ownConversation(user, values.conversation);
    const file = await exportConversation(conversation, { ...wish, branch: values.branch });
    await save(join(values.out, file.name), encodePieces(file.pieces));
  } else {
    const namespace = values.namespace ? await ownNamespace(user, values.namespace) : undefined;
    const name = `switchboard-${namespace?.type ?? "everything"}-${new Date(wish.now).toISOString().slice(0, 10)}.zip`;
    await save(join(values.out, name), streamOf(archive(user, { ...wish, namespace })));
  }
  return true;
});

function formatOf(given: string): ExportFormat {
  const format = exportFormats.find((known) => known === given);
  if (!format) throw new AppError("invalid", `There is no format ${given}. Choose ${exportFormats.join(", ")}.`);
  return format;
}

/** Under its name only when it is whole. */
async function save(path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    await pipeline(content, createWriteStream(`${path}.part`, { mode: 0o600 }));
    await rename(`${path}.part`, path);
    console.log(path);
  } catch (error) {
    await rm(`${path}.part`, { force: true });
    throw error;
  }
}
