import { promisify } from "node:util";
import yauzl, { type Entry, type ZipFile } from "yauzl";
import { AppError } from "#lib/errors.ts";
import type { Pictures, Source, SourceFile } from "./source.ts";

const mostEntries = 200_000;
const mostBytes = 8 * 1024 ** 3;
/** JSON seldom shrinks to less than a fiftieth; what shrinks to a thousandth is made to fill a disk. */
const mostRatio = 300;
const ratioFrom = 50 * 1024 ** 2;
const largestPicture = 20 * 1024 ** 2;

const openFile = promisify<string, yauzl.Options, ZipFile>(yauzl.open);

/** The files of a ZIP, read in place: nothing is unpacked, and no name in it becomes a path. */
export async function openZip(path: string): Promise<Source> {
  const zip = await openFile(path, { lazyEntries: true, autoClose: false }).catch(refuse);
  try {
    const entries = await listEntries(zip).catch(refuse);
    refuseBombs(entries);
    const named = entries.filter(({ fileName }) => conversations.test(baseName(fileName)));
    const json = entries.filter(({ fileName }) => /\.json$/i.test(fileName) && !manifest.test(baseName(fileName)));
    const chosen = named.length > 0 ? named : json;
    const files = chosen
      .toSorted((left, right) => left.fileName.localeCompare(right.fileName, "en", { numeric: true }))
      .map((entry) => sourceFile(zip, entry));
    const used = new Set(chosen);
    const rest = entries.filter((entry) => !used.has(entry) && !entry.fileName.endsWith("/"));
    const pictures = rest.filter(({ fileName }) => picture.test(baseName(fileName)));
    const leftOut = rest.filter(
      ({ fileName }) => !picture.test(baseName(fileName)) && !manifest.test(baseName(fileName)),
    );
    return {
      files,
      leftOut: leftOut.map(({ fileName }) => fileName),
      pictures: picturesOf(zip, pictures),
      close: () => zip.close(),
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

const conversations = /^conversations([-_ ]?\d+)?\.json$/i;
const manifest = /^(export_)?manifest\.json$/i;
const picture = /^file[-_][A-Za-z0-9]+/;
const baseName = (path: string) => path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);

function refuse(cause: unknown): never {
  const why = cause instanceof Error ? cause.message : String(cause);
  throw new AppError("invalid", `The ZIP can't be read: ${why}. Download it again, then try once more.`, { cause });
}

function listEntries(zip: ZipFile): Promise<Entry[]> {
  if (zip.entryCount > mostEntries) throw new Error(`it has ${zip.entryCount} files, and ${mostEntries} is the most`);
  const entries: Entry[] = [];
  return new Promise((resolve, reject) => {
    zip.on("entry", (entry: Entry) => {
      entries.push(entry);
      zip.readEntry();
    });
    zip.once("end", () => resolve(entries));
    zip.once("error", reject);
    zip.readEntry();
  });
}

function refuseBombs(entries: readonly Entry[]): void {
  let total = 0;
  for (const { fileName, uncompressedSize, compressedSize } of entries) {
    total += uncompressedSize;
    if (uncompressedSize > ratioFrom && uncompressedSize / Math.max(1, compressedSize) > mostRatio) {
      throw new AppError(
        "invalid",
        `The ZIP holds "${fileName.slice(0, 80)}", which is packed too tightly to be safe.`,
      );
    }
  }
  if (total > mostBytes) {
    throw new AppError("invalid", "The ZIP holds more than 8 GB. Import its files in parts.");
  }
}

function sourceFile(zip: ZipFile, entry: Entry): SourceFile {
  return { name: entry.fileName, size: entry.uncompressedSize, open: () => contentOf(zip, entry) };
}

async function* contentOf(zip: ZipFile, entry: Entry): AsyncGenerator<Uint8Array> {
  const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) => {
    zip.openReadStream(entry, (error, opened) => (error ? reject(error) : resolve(opened)));
  }).catch(refuse);
  for await (const chunk of stream) if (chunk instanceof Uint8Array) yield chunk;
}

function picturesOf(zip: ZipFile, entries: readonly Entry[]): Pictures {
  const byId = new Map<string, Entry>();
  for (const entry of entries) {
    const id = picture.exec(baseName(entry.fileName))?.[0];
    if (id !== undefined && entry.uncompressedSize <= largestPicture) byId.set(id, entry);
  }
  return {
    has: (name) => byId.has(name),
    async read(name) {
      const entry = byId.get(name);
      if (!entry) return undefined;
      const chunks: Uint8Array[] = [];
      for await (const chunk of contentOf(zip, entry)) chunks.push(chunk);
      const bytes = Buffer.concat(chunks);
      const type = imageType(bytes);
      return type && `data:${type};base64,${bytes.toString("base64")}`;
    },
  };
}

/** What a picture is by its first bytes: its name may say anything. */
function imageType(bytes: Buffer): string | undefined {
  const start = bytes.toString("latin1", 0, 12);
  if (start.startsWith("\x89PNG\r\n")) return "image/png";
  if (start.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (start.startsWith("GIF8")) return "image/gif";
  if (start.startsWith("RIFF") && start.endsWith("WEBP")) return "image/webp";
  return undefined;
}
