// Generates the SQL for what changed in db/schema.ts, then embeds all of it in one module, so
// that a bundled server can migrate without looking for files.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

execFileSync("drizzle-kit", ["generate", ...process.argv.slice(2)], { stdio: "inherit" });

const journal = JSON.parse(readFileSync("db/migrations/meta/_journal.json", "utf8"));
const migrations = journal.entries.map(({ tag }) => ({
  tag,
  statements: readFileSync(`db/migrations/${tag}.sql`, "utf8")
    .split("--> statement-breakpoint")
    .map((statement) => statement.trim()),
}));
writeFileSync(
  "db/migrations/embedded.ts",
  `// Made by "npm run db:generate" from the SQL files beside it.\nexport const migrations: { tag: string; statements: string[] }[] = ${JSON.stringify(migrations, null, 2)};\n`,
);
