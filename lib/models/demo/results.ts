import { z } from "zod";
import { rejectedText } from "#lib/runs/parts.ts";

/** How each tool's result reads as an answer. A result of another shape is shown as it is. */
const readers: Record<string, (output: unknown) => string | undefined> = {
  calculate: reader(z.object({ expression: z.string(), result: z.number() }), ({ expression, result }) => {
    return `${expression} = **${result.toLocaleString("en", { maximumFractionDigits: 12 })}**`;
  }),
  current_time: reader(z.object({ local: z.string(), timeZone: z.string() }), ({ local, timeZone }) => {
    return `It is **${local}** (${timeZone}).`;
  }),
  list_charges: reader(
    z.object({
      notice: z.string(),
      currency: z.string(),
      charges: z.array(
        z.object({ id: z.string(), what: z.string(), amount: z.number(), date: z.string(), status: z.string() }),
      ),
    }),
    ({ notice, currency, charges }) => {
      const twice = charges.find((one, index) =>
        charges
          .slice(index + 1)
          .some((two) => two.date === one.date && two.amount === one.amount && two.what === one.what),
      );
      return [
        "Here are your recent charges:",
        table(
          ["Date", "What", "Amount", "Charge"],
          charges.map(({ date, what, amount, id }) => [date, what, `${amount.toFixed(2)} ${currency}`, `\`${id}\``]),
        ),
        twice
          ? `\`${twice.id}\` repeats another charge of the same day and amount, so it looks like a **double charge** of ${twice.amount.toFixed(2)} ${currency}. Say \`Refund charge ${twice.id}\` to get it back.`
          : "I see no charge twice.",
        `*${notice}*`,
      ].join("\n\n");
    },
  ),
  issue_refund: reader(
    z.object({
      notice: z.string(),
      charge: z.string(),
      amount: z.number(),
      currency: z.string(),
      card: z.string(),
      arrives: z.string(),
    }),
    ({ notice, charge, amount, currency, card, arrives }) =>
      `Done: **${amount.toFixed(2)} ${currency}** for \`${charge}\` go back to the card ${card}, and arrive by ${arrives}.\n\n*${notice}*`,
  ),
  order_status: reader(
    z.object({
      notice: z.string(),
      error: z.string().optional(),
      orders: z.array(z.object({ id: z.string(), item: z.string(), status: z.string(), arrival: z.string() })),
    }),
    ({ notice, error, orders }) =>
      [
        error ??
          orders
            .map(({ id, item, status, arrival }) => `- **${id}** (${item}): ${status}, arrival ${arrival}`)
            .join("\n"),
        `*${notice}*`,
      ].join("\n\n"),
  ),
  search_catalogue: reader(
    z.object({
      notice: z.string(),
      currency: z.string(),
      products: z.array(z.object({ name: z.string(), price: z.number(), note: z.string() })),
    }),
    ({ notice, currency, products }) =>
      products.length === 0
        ? `Nothing in the catalogue fits.\n\n*${notice}*`
        : [
            table(
              ["Product", "Price", "Note"],
              products.slice(0, 4).map(({ name, price, note }) => [name, `${price} ${currency}`, note]),
            ),
            `*${notice}*`,
          ].join("\n\n"),
  ),
  plan_days: reader(
    z.object({
      place: z.string(),
      days: z.array(z.object({ day: z.number(), date: z.string(), weekday: z.string() })),
    }),
    ({ place, days }) =>
      [
        `A frame for ${place}:`,
        days
          .map(({ day, date, weekday }) => `${day}. **${weekday}, ${date}**: ${ideas[(day - 1) % ideas.length]}`)
          .join("\n"),
        "A connected model can fill in places and times.",
      ].join("\n\n"),
  ),
  convert_currency: reader(
    z.object({ amount: z.number(), from: z.string(), to: z.string(), result: z.number(), notice: z.string() }),
    ({ amount, from, to, result, notice }) => `${amount} ${from} is about **${result} ${to}**.\n\n*${notice}*`,
  ),
  check_status: reader(
    z.object({ status: z.string(), upForMinutes: z.number(), load: z.string(), source: z.string() }),
    ({ status, upForMinutes, load, source }) =>
      `This server is **${status}**, for ${upForMinutes} ${upForMinutes === 1 ? "minute" : "minutes"} now, and its load is ${load}.\n\n*${source}*`,
  ),
  look_up_status_code: reader(
    z.object({ code: z.number(), meaning: z.string(), kind: z.string() }),
    ({ code, meaning, kind }) => `**${code} ${meaning}** (${kind}).`,
  ),
  search_help: reader(
    z.object({ articles: z.array(z.object({ title: z.string(), text: z.string() })) }),
    ({ articles }) =>
      articles.length === 0
        ? "The help articles have nothing on that. Say it in other words, or ask for Technical or Escalations."
        : articles.map(({ title, text }) => `**${title}.** ${text}`).join("\n\n"),
  ),
  response_targets: reader(
    z.object({ priority: z.string(), firstAnswer: z.string(), resolution: z.string(), notice: z.string() }),
    ({ priority, firstAnswer, resolution, notice }) =>
      `I have read the thread, so you need not repeat anything. At ${priority} priority the first answer comes ${firstAnswer} and a resolution ${resolution}.\n\n*${notice}*`,
  ),
};

const ideas = [
  "arrive, walk the old town, early dinner",
  "a museum in the morning, a market at noon",
  "out of the city",
];

export function answerFrom({ name, output }: { name: string; output: unknown }): string {
  if (output === rejectedText) {
    return `You rejected \`${name}\`, so nothing was done. Ask again whenever you change your mind.`;
  }
  const failed = z.object({ error: z.string() }).safeParse(output);
  const answer = readers[name]?.(output);
  if (answer) return answer;
  if (failed.success) return failed.data.error;
  const shown = typeof output === "string" ? output : JSON.stringify(output, null, 2);
  return `\`${name}\` returned:\n\n\`\`\`json\n${shown.slice(0, 2000)}\n\`\`\``;
}

function reader<Shape extends z.ZodType>(shape: Shape, write: (value: z.output<Shape>) => string) {
  return (output: unknown) => {
    const parsed = shape.safeParse(output);
    return parsed.success ? write(parsed.data) : undefined;
  };
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
