import { tool } from "@openai/agents";
import { z } from "zod";
import { daysBefore, sampleNotice } from "./sample.ts";

const charges = [
  { id: "ch_1043", what: "Pro plan, monthly", amount: 12, daysAgo: 3, status: "paid" },
  { id: "ch_1042", what: "Pro plan, monthly", amount: 12, daysAgo: 3, status: "paid" },
  { id: "ch_1017", what: "Extra storage, 50 GB", amount: 4.5, daysAgo: 19, status: "paid" },
  { id: "ch_0991", what: "Pro plan, monthly", amount: 12, daysAgo: 33, status: "paid" },
];

export const listCharges = tool({
  name: "list_charges",
  description: "The person's recent charges with id, date, amount and status, newest first.",
  parameters: z.object({
    days: z.number().int().min(1).max(365).nullable().describe("how far back to look, or null for 60 days"),
  }),
  execute: ({ days }) => {
    const today = new Date();
    return {
      notice: sampleNotice,
      card: "ending in 4021",
      currency: "EUR",
      charges: charges
        .filter((charge) => charge.daysAgo <= (days ?? 60))
        .map(({ daysAgo, ...charge }) => ({ ...charge, date: daysBefore(today, daysAgo) })),
    };
  },
});
