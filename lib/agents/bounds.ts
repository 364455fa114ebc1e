import type { Tool } from "@openai/agents";

/** What any tool may take and give: one that hangs or returns everything there is must not take the thread along. */

const longestRun = 30_000;
const longestResult = 50_000;

interface Bounds {
  /** In milliseconds. */
  time?: number;
  /** In characters of text or JSON. */
  length?: number;
}

/** Holds a tool to its bounds, the same one for all who use it: some of what the SDK knows of a tool hangs on the object. */
export function bound<T extends Tool>(tool: T, { time = longestRun, length = longestResult }: Bounds = {}): T {
  if (tool.type !== "function" || tool.timeoutMs !== undefined) return tool;
  const { invoke } = tool;
  return Object.assign(tool, {
    timeoutMs: time,
    timeoutErrorFunction: () => `The tool was given up after ${time / 1000} seconds without a result.`,
    invoke: async (...given: Parameters<typeof invoke>) => cut(await invoke(...given), length),
  });
}

function cut(result: unknown, length: number): unknown {
  const text = typeof result === "string" ? result : JSON.stringify(result);
  if (text === undefined || text.length <= length) return result;
  return `${text.slice(0, length).toWellFormed()}\n[Cut here: the tool returned ${text.length.toLocaleString("en")} characters, and these are the first ${length.toLocaleString("en")}.]`;
}
