import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Outcome, Visitor } from "./visitor.ts";

/** Turns of a conversation over HTTP, as the browser takes them, and what is kept of them. */

const turn = z.object({ conversation: z.string(), branch: z.string(), run: z.string(), position: z.number() });
export type Turn = z.output<typeof turn>;

interface Said {
  operation?: string;
  agent?: string;
  conversation?: string;
  branch?: string;
}

/** What the server answers to a message; undefined where it does not answer in its own words. */
export async function trySay(visitor: Visitor, text: string, said: Said = {}): Promise<Outcome | undefined> {
  return (await visitor.call("send", { operation: randomUUID(), text, ...said })).outcome;
}

export async function say(visitor: Visitor, text: string, said: Said = {}): Promise<Turn> {
  return taken(await trySay(visitor, text, said));
}

export async function sayAgain(visitor: Visitor, { conversation, branch, position }: Turn): Promise<Turn> {
  const input = { operation: randomUUID(), conversation, branch, position: position + 1 };
  return taken((await visitor.call("tryAgain", input)).outcome);
}

export function taken(outcome: Outcome | undefined): Turn {
  if (!outcome?.ok) throw new Error(`The turn was not taken: ${JSON.stringify(outcome)}`);
  return turn.parse(outcome.value);
}

const item = z.looseObject({
  type: z.string().optional(),
  role: z.string().optional(),
  status: z.string().optional(),
  callId: z.string().optional(),
  content: z.union([z.string(), z.array(z.looseObject({ text: z.string().optional() }))]).optional(),
});
export type Item = z.output<typeof item>;

/** The items of a conversation, all branches, as an export has them. */
export async function itemsOf(visitor: Visitor, conversation: string): Promise<Item[]> {
  const { status, text } = await visitor.ask(`/api/export?conversation=${conversation}&format=json`);
  if (status !== 200) throw new Error(`The export answered ${status}: ${text.slice(0, 300)}`);
  return z
    .object({ messages: z.array(z.object({ item })) })
    .parse(JSON.parse(text))
    .messages.map((each) => each.item);
}

export const wordsOf = ({ content }: Item): string =>
  typeof content === "string" ? content : (content ?? []).map(({ text }) => text ?? "").join("");

export const isAnswer = ({ role }: Item): boolean => role === "assistant";
export const isCall = ({ type }: Item): boolean => type === "function_call";
export const isResult = ({ type }: Item): boolean => type === "function_call_result";
