import type { Said } from "./said.ts";

/** What the events of either API say, as they come from the server. */

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;

/** What an event of a stream tells who listens, in the order in which it is meant. */
export function saidIn(event: unknown): Said[] {
  if (!isFields(event)) return [];
  if (Array.isArray(event.choices)) {
    const delta = chatDelta(event);
    const reasoning = delta?.reasoning_content ?? delta?.reasoning;
    return [...piece("reasoning", reasoning), ...piece("text", delta?.content)];
  }
  switch (event.type) {
    case "response.output_text.delta":
      return piece("text", event.delta);
    case "response.reasoning_summary_text.delta":
    case "response.reasoning_text.delta":
      return piece("reasoning", event.delta);
    case "response.output_item.done":
      return [{ kind: "output-end" }];
    default:
      return [];
  }
}

const piece = (kind: "text" | "reasoning", delta: unknown): Said[] =>
  typeof delta === "string" && delta !== "" ? [{ kind, delta }] : [];

function chatDelta({ choices }: Fields): Fields | undefined {
  const choice = Array.isArray(choices) ? choices.find((one) => isFields(one) && one.index === 0) : undefined;
  return isFields(choice?.delta) ? choice.delta : undefined;
}

/** A piece of a longer text: two of the same `line` that follow each other say the same as one with both texts. */
export interface Piece {
  readonly line: string;
  readonly text: string;
  /** The event with another text in this one's place. */
  readonly withText: (text: string) => object;
}

const linesOfResponses = new Set([
  "response.output_text.delta",
  "response.reasoning_summary_text.delta",
  "response.reasoning_text.delta",
  "response.function_call_arguments.delta",
]);

/** The event as a piece, when a longer text is all that it carries. */
export function pieceOf(event: unknown): Piece | undefined {
  if (!isFields(event)) return undefined;
  if (Array.isArray(event.choices)) return pieceOfChat(event, event.choices);
  const { type, delta, item_id, content_index, summary_index, logprobs } = event;
  if (typeof type !== "string" || !linesOfResponses.has(type) || typeof delta !== "string") return undefined;
  if (Array.isArray(logprobs) && logprobs.length > 0) return undefined;
  const line = `${type} ${item_id} ${content_index} ${summary_index}`;
  return { line, text: delta, withText: (text) => ({ ...event, delta: text }) };
}

function pieceOfChat(event: Fields, choices: unknown[]): Piece | undefined {
  const [choice] = choices;
  if (choices.length !== 1 || !isFields(choice) || choice.index !== 0 || !isFields(choice.delta)) return undefined;
  // How it ended, what it cost and what went wrong stay where they are.
  if (event.usage || event.error || choice.finish_reason || choice.logprobs) return undefined;
  const { delta } = choice;
  let name: string | undefined;
  for (const one in delta) {
    if (one === "role" || isNothing(delta[one])) continue;
    if (name !== undefined) return undefined;
    name = one;
  }
  if (name !== "content" && name !== "reasoning" && name !== "reasoning_content") return undefined;
  const text = delta[name];
  if (typeof text !== "string") return undefined;
  const withText = (longer: string) => ({ ...event, choices: [{ ...choice, delta: { ...delta, [name]: longer } }] });
  return { line: `${event.id} ${name}`, text, withText };
}

const isNothing = (value: unknown) =>
  value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
