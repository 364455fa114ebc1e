import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createClient, type Value } from "@libsql/client";
import { expect } from "@playwright/test";

const ids = /^([0-9A-HJKMNP-TV-Z]{26}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|person-\d+-\d+)$/;
/** What belongs to the instance, and to its owner's hands only. */
const ofInstance = "connections";

interface Row {
  text: string;
  ids: string[];
}

/** Every row that leads to this person by ids, their files, and the instance's own rows: byte for byte. */
export async function belongings(dataDir: string, person: string): Promise<string[]> {
  const rows = await readAll(join(dataDir, "switchboard.db"));
  const reached = new Set([person]);
  const found = new Set(rows.filter(({ text }) => text.startsWith(ofInstance)));
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const row of rows) {
      if (found.has(row) || !row.ids.some((id) => reached.has(id))) continue;
      found.add(row);
      for (const id of row.ids) reached.add(id);
    }
  }
  return [...[...found].map(({ text }) => text), ...filesOf(dataDir, person)].sort();
}

/** The files below a folder of the person's name. */
function filesOf(dataDir: string, person: string): string[] {
  return readdirSync(dataDir, { recursive: true, withFileTypes: true })
    .map((entry) => ({ entry, path: join(entry.parentPath, entry.name) }))
    .filter(({ entry, path }) => entry.isFile() && path.includes(person))
    .map(({ path }) => `${path} ${readFileSync(path, "base64")}`);
}

async function readAll(file: string): Promise<Row[]> {
  const client = createClient({ url: `file:${file}`, timeout: 5000, intMode: "string" });
  try {
    // What was written a moment ago comes into the search index by itself.
    const arrivals = async () => (await client.execute("select 1 from search_arrivals limit 1")).rows.length;
    await expect.poll(arrivals).toBe(0);
    const tables = await client.execute(
      "select name from sqlite_master where type = 'table' and sql not like '%virtual%'",
    );
    const rows: Row[] = [];
    for (const { name } of tables.rows) {
      const found = await client.execute(`select * from "${name}"`);
      for (const row of found.rows)
        rows.push(
          rowOf(
            String(name),
            found.columns,
            found.columns.map((column) => row[column] ?? null),
          ),
        );
    }
    return rows;
  } finally {
    client.close();
  }
}

function rowOf(table: string, columns: string[], values: Value[]): Row {
  const cells = values.map((value) => (value instanceof ArrayBuffer ? Buffer.from(value).toString("hex") : value));
  return {
    text: `${table} ${columns.map((column, place) => `${column}=${JSON.stringify(cells[place])}`).join(" ")}`,
    ids: cells.filter((cell) => typeof cell === "string").filter((cell) => ids.test(cell)),
  };
}
