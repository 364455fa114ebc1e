import type { AgentInputItem } from "@openai/agents";
import type { StoredItem } from "#lib/sessions/store.ts";
import { assetName } from "./assets.ts";
import type { Pictures } from "./source.ts";
import type { Notes } from "./tree.ts";

const mostBytes = 48 * 1024 ** 2;

/** Puts in the pictures that items only name; where one is missing, a mark says so. A dry run reads none. */
export async function placePictures(
  items: readonly StoredItem[],
  pictures: Pictures,
  notes: Notes,
  dryRun: boolean,
): Promise<StoredItem[]> {
  let left = mostBytes;
  const find = async (name: string): Promise<string | undefined> => {
    const known = pictures.has(name);
    if (!known) notes.add("A picture is not in the file; its place is marked.");
    if (!known || dryRun) return undefined;
    const found = left > 0 ? await pictures.read(name) : undefined;
    left -= found?.length ?? 0;
    if (found === undefined) notes.add("A picture could not be read; its place is marked.");
    return found;
  };
  const placed: StoredItem[] = [];
  for (const stored of items) placed.push({ ...stored, item: await placeIn(stored.item, find) });
  return placed;
}

type Find = (name: string) => Promise<string | undefined>;

async function placeIn(item: AgentInputItem, find: Find): Promise<AgentInputItem> {
  if ("role" in item && item.role === "user" && Array.isArray(item.content)) {
    return { ...item, content: await Promise.all(item.content.map((part) => placePart(part, find))) };
  }
  if (item.type === "function_call_result" && Array.isArray(item.output)) {
    return { ...item, output: await Promise.all(item.output.map((part) => placePart(part, find))) };
  }
  return item;
}

async function placePart<Part extends { type: string; image?: unknown }>(
  part: Part,
  find: Find,
): Promise<Part | { type: "input_image"; image: string } | { type: "input_text"; text: string }> {
  const name = assetName(part.image);
  if (name === undefined) return part;
  const image = await find(name);
  return image === undefined ? { type: "input_text", text: `[Image: ${name}]` } : { type: "input_image", image };
}
