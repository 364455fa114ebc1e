import { micromark } from "micromark";
import { gfmStrikethrough, gfmStrikethroughHtml } from "micromark-extension-gfm-strikethrough";
import { gfmTable, gfmTableHtml } from "micromark-extension-gfm-table";
import type { Block } from "./blocks.ts";
import { htmlStyle } from "./html-style.ts";
import { type About, aboutLine, asText, moment, type Printer } from "./print.ts";

/**
 * A conversation as one HTML file that needs nothing else and prints well. Whatever people, agents
 * and tools wrote is escaped; the policy in its head lets it run nothing and fetch nothing.
 */
export function htmlPrinter(): Printer {
  let open = false;
  const close = () => (open ? "</article>\n" : "");
  return {
    begin: (about) => `${head(about)}<main>\n`,
    block(block) {
      if (block.kind !== "turn") return htmlOf(block);
      const text = `${close()}<article class="${block.role}">\n<header><h2>${escapeHtml(block.speaker)}</h2><time datetime="${new Date(block.at).toISOString()}">${moment(block.at)}</time></header>\n`;
      open = true;
      return text;
    },
    end: () => `${close()}</main>\n</body>\n</html>\n`,
  };
}

const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

function head(about: About): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(about.title)}</title>
<style>${htmlStyle}</style>
</head>
<body>
<header class="about"><h1 dir="auto">${escapeHtml(about.title)}</h1><p>${escapeHtml(aboutLine(about))}</p></header>
`;
}

function htmlOf(block: Exclude<Block, { kind: "turn" }>): string {
  switch (block.kind) {
    case "text":
      return `<div class="text" dir="auto">${prose(block.text)}</div>\n${block.incomplete ? '<p class="note">Incomplete</p>\n' : ""}`;
    case "image":
      return isImage(block.source)
        ? `<img alt="Image" src="${escapeHtml(block.source)}">\n`
        : `<p class="note">Image: ${escapeHtml(shown(block.source))}</p>\n`;
    case "file":
      return /^data:/i.test(block.source)
        ? `<p class="note">File: <a download="${escapeHtml(block.name)}" href="${escapeHtml(asDownload(block.source))}">${escapeHtml(block.name)}</a></p>\n`
        : `<p class="note">File: ${escapeHtml(block.name)} ${escapeHtml(shown(block.source))}</p>\n`;
    case "reasoning":
      return `<details class="step"><summary>Reasoning</summary><div class="text" dir="auto">${prose(block.text)}</div></details>\n`;
    case "call":
      return step(`Tool: ${block.name}`, block.input);
    case "result":
      return step(`${block.ended}: ${block.name}`, block.output);
    case "open":
      return `<p class="note">${escapeHtml(block.name)} has no result yet</p>\n`;
    case "handoff":
      return `<p class="note">${escapeHtml(block.from)} handed over to ${escapeHtml(block.to)}</p>\n`;
    case "other":
      return step(block.name, block.value);
  }
}

const step = (name: string, value: unknown) =>
  `<details class="step"><summary>${escapeHtml(name)}</summary><pre dir="auto">${escapeHtml(asText(value).text)}</pre></details>\n`;

const markdown = {
  extensions: [gfmTable(), gfmStrikethrough(), { disable: { null: ["htmlFlow", "htmlText"] } }],
  htmlExtensions: [gfmTableHtml(), gfmStrikethroughHtml()],
};
const longestMarkdown = 100_000;

/** Markdown as HTML; raw HTML in it becomes text, and other addresses than http(s) and mailto go. */
function prose(text: string): string {
  // Very long text is rarely prose, and Markdown can take more than linear time.
  if (text.length > longestMarkdown) return `<pre>${escapeHtml(text)}</pre>`;
  const html = micromark(text, markdown);
  // An image from elsewhere would tell its server who reads this file, so it becomes a link.
  return html.replace(/<img src="([^"]*)" alt="([^"]*)"[^>]*>/g, (_image, source: string, alt: string) =>
    source === "" ? alt : `<a href="${source}">${alt || source}</a>`,
  );
}

const isImage = (source: string) => /^data:image\/(png|jpeg|gif|webp|avif);base64,[A-Za-z0-9+/=\s]*$/i.test(source);
const shown = (source: string) => (source.length > 300 ? `${source.slice(0, 100)}…` : source);

/** As plain bytes: a browser saves it and never opens it as a page of its own. */
const asDownload = (source: string) => source.replace(/^data:[^,;]*/i, "data:application/octet-stream");

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
