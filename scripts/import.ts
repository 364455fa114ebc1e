// `npm run import -- --user EMAIL FILE...`: what the browser uploads, from a shell.
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { ownNamespace } from "#lib/access.ts";
import { AppError } from "#lib/errors.ts";
import { listNamespaces } from "#lib/namespaces.ts";
import { type ImportEntry, importFile } from "#lib/transfer/import/import.ts";
import { runCommand, userOfShell } from "#lib/transfer/shell.ts";

const usage = "npm run import -- --user EMAIL [--namespace TYPE] [--dry-run] [--quiet] FILE...";

await runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      user: { type: "string" },
      namespace: { type: "string" },
      "dry-run": { type: "boolean", default: false },
      quiet: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return void console.log(usage);
  const user = await userOfShell(values.user);
  if (positionals.length === 0) throw new AppError("invalid", `Say which files to import. ${usage}`);
  const known = await listNamespaces(user);
  const namespace = values.namespace ? await ownNamespace(user, values.namespace) : known[0];
  if (!namespace) throw new AppError("not_found", "This account has no namespace. Create one first.");

  const counts = new Map<ImportEntry["status"], number>();
  for (const path of positionals) {
    const entries = importFile({
      user,
      path,
      name: basename(path),
      namespace: namespace.type,
      namespaces: known.map(({ type }) => type),
      dryRun: values["dry-run"],
      now: Date.now(),
    });
    for await (const entry of entries) {
      counts.set(entry.status, (counts.get(entry.status) ?? 0) + 1);
      if (!values.quiet) console.log(lineOf(entry));
    }
  }
  console.log([...counts].map(([status, count]) => `${count} ${status}`).join(", ") || "Nothing was found.");
  const useful = ["new", "binned", "imported", "restored", "present"] as const;
  return useful.some((status) => counts.has(status));
});

function lineOf({ status, title, reason, notes }: ImportEntry): string {
  const told = [reason, ...notes].filter((sentence) => sentence !== null);
  // A title comes from the file: it must not steer the terminal.
  return `${status.padEnd(9)} ${title}${told.map((sentence) => `\n          ${sentence}`).join("")}`.replace(
    /(?!\n)[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu,
    " ",
  );
}
