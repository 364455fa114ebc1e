import type { AgentInputItem } from "@openai/agents";
import { z } from "zod";
import { decode, decodeItem, isItem } from "../codec.ts";
import type { Branch, SessionState, StoredItem, Usage } from "../store.ts";

const UsageText = z.object({
  requests: z.number(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  totalTokens: z.number(),
  cachedInputTokens: z.number().optional(),
  reasoningTokens: z.number().optional(),
});
type Columns = [number, string | null, string | null, number, string | null, string | null, number?];
type HeadColumns = [string, string, string, number, string | null, number, number];
type StateColumns = [
  current: string,
  createdAt: number,
  updatedAt: number,
  branches: HeadColumns[],
  segments: [string, string | null, number][],
  summaries: [string, string, number, number, string][],
];

/** A stored item from its columns as JSON, a line feed, and its own text; the item is undefined when that is damaged. */
export function toStored(
  text: string,
  segments: readonly { segment: string }[],
): { segment: string; position: number; stored?: StoredItem } {
  const end = text.indexOf("\n");
  // Made by json_array() from columns of these types.
  const [position, agent, run, createdAt, model, usage, range = 0] = JSON.parse(text.slice(0, end)) as Columns;
  const segment = segments[range]?.segment ?? "";
  const item = decodeItem(text.slice(end + 1));
  if (!item) return { segment, position };
  const stored: StoredItem = { segment, position, item, agent, run, createdAt };
  if (model !== null) stored.model = model;
  if (usage !== null) stored.usage = decodeUsage(usage);
  return { segment, position, stored };
}

/** From what json_array() made of columns of known types. */
export function toState(id: string, text: string, metadataText: string): SessionState {
  const [current, createdAt, updatedAt, heads, parts, overlays] = JSON.parse(text) as StateColumns;
  const branches = heads.map(([branch, name, segment, length, agent, made, used]): Branch => {
    return { id: branch, name, segment, length, agent, createdAt: made, updatedAt: used };
  });
  return {
    id,
    current,
    branches,
    segments: parts.map(([segment, parent, fork]) => ({ id: segment, parent, fork })),
    summaries: overlays.flatMap(([summary, segment, position, made, itemsText]) => {
      const items = decodeItems(itemsText);
      return items ? [{ id: summary, segment, position, items, createdAt: made }] : [];
    }),
    metadata: decodeItem(metadataText) ? (decode(metadataText) as Record<string, unknown>) : {},
    createdAt,
    updatedAt: branches.reduce((latest, branch) => Math.max(latest, branch.updatedAt), updatedAt),
  };
}

/** Items whose texts are joined by commas, or undefined when one can't be read: then it takes the longer way, which says which. */
export function decodeTogether(texts: string, count: number): AgentInputItem[] | undefined {
  const items = count > 0 ? decodeItems(`[${texts}]`) : undefined;
  return items?.length === count ? items : undefined;
}

function decodeUsage(text: string): Usage | null {
  try {
    return UsageText.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function decodeItems(text: string) {
  try {
    const value = decode(text);
    return Array.isArray(value) ? value.filter(isItem) : undefined;
  } catch {
    return undefined;
  }
}
