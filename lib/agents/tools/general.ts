import { tool } from "@openai/agents";
import { z } from "zod";
import { evaluate } from "../arithmetic.ts";

export const calculate = tool({
  name: "calculate",
  description: "Evaluates arithmetic: numbers, + - * / % ^ and parentheses. For 18% of 2450 write 2450 * 18 / 100.",
  parameters: z.object({ expression: z.string().describe("for example (12 + 30) * 4") }),
  execute: ({ expression }) => {
    try {
      return { expression, result: evaluate(expression) };
    } catch (error) {
      if (error instanceof RangeError) return { expression, error: error.message };
      throw error;
    }
  },
});

export const currentTime = tool({
  name: "current_time",
  description: "The date and time now, in UTC or in a time zone.",
  parameters: z.object({
    timeZone: z.string().nullable().describe("an IANA name such as Europe/Lisbon, or null for UTC"),
  }),
  execute: ({ timeZone }) => {
    const now = new Date();
    const zone = timeZone ?? "UTC";
    if (!isTimeZone(zone)) return { error: `"${zone}" is not a time zone; use a name such as Europe/Lisbon.` };
    return {
      timeZone: zone,
      local: new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "short", timeZone: zone }).format(now),
      utc: now.toISOString(),
    };
  },
});

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: name }));
  } catch {
    return false;
  }
}
