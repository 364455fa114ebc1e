import type { AgentInputItem } from "@openai/agents";
import { addUsage } from "./runs.ts";
import { isUserMessage } from "./sanitise.ts";
import type { StoredItem, Usage } from "./store.ts";

/** What a user said and all that came of it. */
export interface Turn {
  /** From 1. */
  turn: number;
  /** The position of the user's message: fork here to say something else instead. */
  position: number;
  /** The position after the turn's last item: fork here to go on from it. */
  end: number;
  /** The beginning of what the user said. */
  preview: string;
  /** How many items it has. */
  items: number;
  /** Milliseconds since 1970. */
  createdAt: number;
  /** The agents that answered, in the order in which they first did. */
  agents: string[];
  models: string[];
  /** What it cost, where the runs told it. */
  usage: Usage;
}

const PREVIEW_LENGTH = 80;

export const NO_USAGE: Usage = { requests: 0, inputTokens: 0, outputTokens: 0, totalTokens: 0 };

/** All text of an item that a person would read. */
export function textOf(item: AgentInputItem): string {
  if ("content" in item && typeof item.content === "string") return item.content;
  if (!("content" in item) || !Array.isArray(item.content)) return "";
  return item.content
    .flatMap((part) => ("text" in part && typeof part.text === "string" ? [part.text] : []))
    .join("\n");
}

/** The turns of a history. Items before the first message of a user belong to none. */
export function turnsOf(history: readonly StoredItem[]): Turn[] {
  const turns: Turn[] = [];
  for (const { item, position, createdAt, agent, model, usage } of history) {
    if (isUserMessage(item)) {
      const preview = shorten(textOf(item));
      const turn = turns.length + 1;
      const empty = { items: 0, agents: [], models: [], usage: NO_USAGE };
      turns.push({ turn, position, end: position, preview, createdAt, ...empty });
    }
    const last = turns.at(-1);
    if (!last) continue;
    last.items++;
    last.end = position + 1;
    if (agent && !last.agents.includes(agent)) last.agents.push(agent);
    if (model && !last.models.includes(model)) last.models.push(model);
    if (usage) last.usage = addUsage(last.usage, usage);
  }
  return turns;
}

/** The turns in which this text occurs, said by anybody; letter case does not matter. */
export function findTurns(history: readonly StoredItem[], text: string): Turn[] {
  const wanted = text.toLowerCase();
  const found = new Set<number>();
  let turn = 0;
  for (const { item } of history) {
    if (isUserMessage(item)) turn++;
    if (!found.has(turn) && textOf(item).toLowerCase().includes(wanted)) found.add(turn);
  }
  return turnsOf(history).filter((candidate) => found.has(candidate.turn));
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  const characters = [...line];
  return characters.length <= PREVIEW_LENGTH ? line : `${characters.slice(0, PREVIEW_LENGTH - 1).join("")}…`;
}
