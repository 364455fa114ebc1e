import { tool } from "@openai/agents";
import { z } from "zod";

export const planDays = tool({
  name: "plan_days",
  description: "Lays out the days of a trip with their dates and weekdays, to be filled with plans.",
  parameters: z.object({
    place: z.string(),
    days: z.number().int().min(1).max(30),
    start: z.string().nullable().describe("first day as YYYY-MM-DD, or null for the coming Saturday"),
  }),
  execute: ({ place, days, start }) => {
    const first = start ? new Date(`${start}T00:00:00Z`) : comingSaturday(new Date());
    if (Number.isNaN(first.getTime())) return { error: `"${start}" is not a date; write it as YYYY-MM-DD.` };
    const weekday = new Intl.DateTimeFormat("en", { weekday: "long", timeZone: "UTC" });
    return {
      place,
      days: Array.from({ length: days }, (_, index) => {
        const day = new Date(first.getTime() + index * 86_400_000);
        return { day: index + 1, date: day.toISOString().slice(0, 10), weekday: weekday.format(day) };
      }),
    };
  },
});

function comingSaturday(today: Date): Date {
  const ahead = (6 - today.getUTCDay() + 7) % 7 || 7;
  return new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate() + ahead));
}

/** Units of each currency for one euro. */
const perEuro: Record<string, number> = {
  EUR: 1,
  USD: 1.1,
  GBP: 0.85,
  JPY: 165,
  CHF: 0.95,
  CAD: 1.5,
  AUD: 1.65,
  SEK: 11,
};

export const convertCurrency = tool({
  name: "convert_currency",
  description: `Converts between ${Object.keys(perEuro).join(", ")} with fixed, rounded sample rates.`,
  parameters: z.object({
    amount: z.number().min(0).max(1e9),
    from: z.string().describe("a three-letter code such as USD"),
    to: z.string(),
  }),
  execute: ({ amount, from, to }) => {
    const [source, target] = [perEuro[from.toUpperCase()], perEuro[to.toUpperCase()]];
    if (!source || !target) return { error: `Only ${Object.keys(perEuro).join(", ")} are known here.` };
    return {
      notice: "Sample data: fixed, rounded rates, not today's.",
      amount,
      from: from.toUpperCase(),
      to: to.toUpperCase(),
      result: Math.round((amount / source) * target * 100) / 100,
    };
  },
});
