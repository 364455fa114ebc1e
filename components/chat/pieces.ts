import type { ThreadMessage } from "#lib/thread.ts";

/** How a list of messages reads as a thread: who speaks where, and who is on the line. Pure. */

export type Part = ThreadMessage["parts"][number];

/** What one agent said within an answer. `from` is the agent that handed over to it. */
export interface Piece {
  agent: string;
  from?: string;
  parts: Part[];
}

export const fallbackAgent = "assistant";

/** Splits an answer where one agent handed over to another. A silent agent has a piece without parts. */
export function piecesOf(message: ThreadMessage): [Piece, ...Piece[]] {
  const handoff = message.parts.find((part) => part.type === "data-handoff");
  const pieces: [Piece, ...Piece[]] = [
    { agent: message.metadata?.agent ?? handoff?.data.from ?? fallbackAgent, parts: [] },
  ];
  for (const part of message.parts) {
    if (part.type === "data-handoff") pieces.push({ agent: part.data.to, from: part.data.from, parts: [] });
    else if (part.type !== "step-start") pieces.at(-1)?.parts.push(part);
  }
  return pieces;
}

/** The words of some parts, as they are copied and edited. */
export const textOf = (parts: readonly Part[]): string =>
  parts.flatMap((part) => (part.type === "text" && part.text ? [part.text] : [])).join("\n\n");

const firstAgent = (answer: ThreadMessage): string => piecesOf(answer)[0].agent;
const lastAgent = (answer: ThreadMessage): string => piecesOf(answer).at(-1)?.agent ?? fallbackAgent;

export interface Line {
  message: ThreadMessage;
  /** Who was on the line before it; null at the beginning. */
  before: string | null;
  /** Who is on the line from here: for a person's message, the agent that answers it. */
  charge: string;
  /** Set where the person chose another agent than the one before. */
  switched: boolean;
}

/** The messages with who is on the line at each. `agent` is who answers next; null where the thread goes on after them. */
export function linesOf(messages: readonly ThreadMessage[], agent: string | null): Line[] {
  let before: string | null = null;
  return messages.map((message, place) => {
    const next = messages[place + 1];
    const persons = message.role === "user";
    const asked = next?.role === "assistant" ? firstAgent(next) : (agent ?? before ?? fallbackAgent);
    const charge: string = persons ? asked : firstAgent(message);
    const line = { message, before, charge, switched: before !== null && charge !== before };
    before = persons ? charge : lastAgent(message);
    return line;
  });
}

/** Set when the person has chosen another agent than the one that wrote last. */
export function chosenNext(messages: readonly ThreadMessage[], agent: string): { from: string; to: string } | null {
  const last = messages.at(-1);
  if (last?.role !== "assistant") return null;
  const from = lastAgent(last);
  return from === agent ? null : { from, to: agent };
}
