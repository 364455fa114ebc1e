import type { Block } from "./blocks.ts";
import { type About, aboutLine, asText, moment, type Printer } from "./print.ts";

/** A conversation as Markdown. What people and agents wrote stands in it as they wrote it. */
export const markdownPrinter: Printer = {
  begin: (about: About) => `# ${oneLine(about.title)}\n\n${oneLine(aboutLine(about))}\n`,
  block: (block) => `\n${markdownOf(block)}\n`,
  end: () => "",
};

function markdownOf(block: Block): string {
  switch (block.kind) {
    case "turn":
      return `## ${oneLine(block.speaker)}\n\n*${moment(block.at)}*`;
    case "text":
      return block.incomplete ? `${block.text}\n\n*(incomplete)*` : block.text;
    case "image":
      return `![Image](<${address(block.source)}>)`;
    case "file":
      return `[${escapeText(block.name)}](<${address(block.source)}>)`;
    case "reasoning":
      return quote(`**Reasoning**\n\n${block.text}`);
    case "call":
      return `**Tool: ${escapeText(block.name)}**\n\n${fence(block.input)}`;
    case "result":
      return `**${block.ended}: ${escapeText(block.name)}**\n\n${fence(block.output)}`;
    case "open":
      return `*${escapeText(block.name)} has no result yet*`;
    case "handoff":
      return `*${escapeText(block.from)} handed over to ${escapeText(block.to)}*`;
    case "other":
      return `**${escapeText(block.name)}**\n\n${fence(block.value)}`;
  }
}

/** A code block whose fence is longer than any in what it holds. */
function fence(value: unknown): string {
  const { text, json } = asText(value);
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const marks = "`".repeat(longest + 1);
  return `${marks}${json ? "json" : "text"}\n${text}\n${marks}`;
}

const quote = (text: string) => text.replace(/^/gm, "> ");
const oneLine = (text: string) => escapeText(text.replace(/\s+/g, " ").trim());
const escapeText = (text: string) => text.replace(/[\\`*_[\]<>#]/g, "\\$&");
const address = (source: string) => source.replace(/[<>\s\\]/g, encodeURIComponent);
