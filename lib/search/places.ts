import type { InValue } from "@libsql/client";
import type { AgentInputItem } from "@openai/agents";
import { z } from "zod";
import { client } from "#db/client.ts";
import { history } from "#lib/history.ts";
import { textOf } from "#lib/runs/parts.ts";
import { decodeItem } from "#lib/sessions/codec.ts";
import { lineage, reachable, slice } from "#lib/sessions/segments.ts";
import type { Branch, SessionState } from "#lib/sessions/store.ts";
import type { Candidate } from "./candidates.ts";

/** Where a text stands in its conversation, and what it says. */

export interface Place {
  branch: Branch;
  /** The position of the message that shows it: an answer begins with its run's first item. */
  position: number;
  agent: string | null;
  createdAt: number;
  text: string;
}

/** The branch on which an item can be read: the current one if it can be, else the last used. */
export function branchReaching(
  state: SessionState,
  { segment, position }: { segment: string; position: number },
): Branch | undefined {
  const byUse = state.branches.toSorted((left, right) => {
    if (left.id === state.current) return -1;
    return right.id === state.current ? 1 : right.updatedAt - left.updatedAt;
  });
  return byUse.find((branch) =>
    lineage(state, branch.id).some(
      (range) => range.segment === segment && range.from <= position && position < range.to,
    ),
  );
}

/** Those of these candidates that some branch still leads to. */
export function reachableOf(state: SessionState | undefined, candidates: readonly Candidate[]): Candidate[] {
  if (!state) return [];
  const reach = reachable(state);
  return candidates.filter(({ segment, position }) => position < (reach.get(segment) ?? 0));
}

const Row = z.tuple([
  z.string(),
  z.number(),
  z.string().nullable(),
  z.string().nullable(),
  z.number(),
  z.number().nullable(),
]);

export interface Stored {
  text: string;
  /** Whether the person wrote it. */
  persons: boolean;
  agent: string | null;
  run: string | null;
  createdAt: number;
  /** The position at which the run that made it begins. */
  runStart: number | null;
}

/** By `segment:position`. */
export type Texts = ReadonlyMap<string, Stored>;

const keyOf = ({ segment, position }: { segment: string; position: number }): string => `${segment}:${position}`;

/** What these candidates say; one whose item is gone is missing. */
export async function readTexts(candidates: readonly Candidate[]): Promise<Texts> {
  const texts = new Map<string, Stored>();
  if (candidates.length === 0) return texts;
  const found = await client().execute({
    sql: `SELECT json_array(i.segment, i.position, i.agent, i.run, i.created_at, r.position) || char(10) || i.item
      FROM (VALUES ${candidates.map(() => "(?, ?)").join(", ")}) v
      CROSS JOIN sessions_items i ON i.segment = v.column1 AND i.position = v.column2
      LEFT JOIN runs r ON r.id = i.run`,
    args: candidates.flatMap(({ segment, position }): InValue[] => [segment, position]),
  });
  for (const row of found.rows) {
    const whole = String(row[0]);
    const end = whole.indexOf("\n");
    const [segment, position, agent, run, createdAt, runStart] = Row.parse(JSON.parse(whole.slice(0, end)));
    const item = decodeItem(whole.slice(end + 1));
    if (!item) continue;
    texts.set(keyOf({ segment, position }), {
      text: textOf(item),
      persons: isPersons(item),
      agent,
      run,
      createdAt,
      runStart,
    });
  }
  return texts;
}

/** Where a candidate stands, or undefined when no branch leads to it any more. */
export async function placeOf(state: SessionState, candidate: Candidate, texts: Texts): Promise<Place | undefined> {
  const branch = branchReaching(state, candidate);
  const stored = texts.get(keyOf(candidate));
  if (!branch || !stored) return undefined;
  const { text, agent, createdAt } = stored;
  return { branch, position: await startOfMessage(state, branch, candidate, stored), agent, createdAt, text };
}

/** How far back the beginning of an answer is looked for where no run tells it. */
const furthest = 60;

async function startOfMessage(
  state: SessionState,
  branch: Branch,
  { position }: Candidate,
  { persons, run, runStart }: Stored,
): Promise<number> {
  if (persons) return position;
  if (runStart !== null && runStart <= position) return runStart;
  const before = slice(lineage(state, branch.id), position - furthest, position);
  const items = await history().read(state.id, before);
  const other = items.findLast(({ item, run: by }) => isPersons(item) || by !== run);
  return items.find((item) => item.position > (other?.position ?? -1))?.position ?? position;
}

const isPersons = (item: AgentInputItem): boolean => "role" in item && item.role === "user";
