import type { WriteTurn } from "../../e2e/long-conversation.ts";

/** Turns of different kinds, as a working person's would be: lists, code, tables, tool calls, long and short. */

const code = `\`\`\`ts
export function median(values: number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
\`\`\``;

const table = `| region | orders | returned |
|---|---:|---:|
| north | 1,204 | 31 |
| south | 987 | 12 |`;

const list = `1. **Open** the settings
2. Choose *Connections*, then \`Test\`
3. Save, and [read on](https://example.com/docs)`;

const paragraph =
  "The short version is that nothing has to be changed by hand: what was stored before stays as it is, and what comes from now on follows the new rule. ";

const answers = [paragraph, `${paragraph}\n\n${code}`, list, `${table}\n\n${paragraph}`, paragraph.repeat(4)];

export const richTurn: WriteTurn = (turn) => ({
  question: `Question ${turn}. ${turn % 3 === 0 ? paragraph : "What about this one?"}`,
  calls: turn % 5 === 4 ? 2 : 0,
  answer: `Answer ${turn}.\n\n${answers[turn % answers.length]}`,
});
