import type { Block } from "./blocks.ts";

/** How a conversation is printed: its beginning, each block, its end. */
export interface Printer {
  begin(about: About): string;
  block(block: Block): string;
  end(): string;
}

/** What stands above a printed conversation. */
export interface About {
  title: string;
  namespace: string;
  branch: string;
  branches: number;
  createdAt: number;
  exportedAt: number;
}

export function aboutLine({ namespace, branch, branches, createdAt, exportedAt }: About): string {
  const parts = [namespace, `begun ${moment(createdAt)}`, `exported ${moment(exportedAt)}`];
  return [...parts, ...(branches > 1 ? [`branch ${branch} (1 of ${branches})`] : [])].join(" · ");
}

/** A moment that means the same everywhere: "2026-11-22 10:00 UTC". */
export function moment(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** A tool's input or output as text, and whether that text is JSON. */
export function asText(value: unknown): { text: string; json: boolean } {
  if (typeof value === "string") return indented(value) ?? { text: value, json: false };
  return { text: JSON.stringify(value, null, 2) ?? "", json: true };
}

const longestIndented = 100_000;

/** Most tools answer JSON in one line, which nobody can read on paper. */
function indented(text: string): { text: string; json: true } | undefined {
  if (!/^\s*[{[]/.test(text) || text.length > longestIndented) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    // Otherwise something of it would change, such as a number of many digits.
    return JSON.stringify(value) === text ? { text: JSON.stringify(value, null, 2), json: true } : undefined;
  } catch {
    return undefined;
  }
}
