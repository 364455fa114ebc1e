import { tool } from "@openai/agents";
import { z } from "zod";
import { daysBefore, sampleNotice } from "./sample.ts";

const charges = [
  { id: "ch_1043", what: "Pro plan, monthly", amount: 12, daysAgo: 3, status: "paid" },
  { id: "ch_1042", what: "Pro plan, monthly", amount: 12, daysAgo: 3, status: "paid" },
  { id: "ch_1017", what: "Extra storage, 50 GB", amount: 4.5, daysAgo: 19, status: "paid" },
  { id: "ch_0991", what: "Pro plan, monthly", amount: 12, daysAgo: 33, status: "paid" },
];

const refundable = (id: string) => charges.find((charge) => charge.id === id.trim().toLowerCase());

/** Money moves only when the person says so: the run waits for their word before this is called. */
export const issueRefund = tool({
  name: "issue_refund",
  description: "Refunds a charge to the card that paid it. The person is asked to approve before anything happens.",
  parameters: z.object({
    charge: z.string().describe("the id of the charge, such as ch_1043"),
    reason: z.string().describe("why, in a few words"),
  }),
  needsApproval: true,
  execute: ({ charge, reason }) => {
    const found = refundable(charge);
    if (!found) return { notice: sampleNotice, error: `There is no charge ${charge}.` };
    return {
      notice: sampleNotice,
      refund: `rf_${found.id.slice("ch_".length)}`,
      charge: found.id,
      amount: found.amount,
      currency: "EUR",
      card: "ending in 4021",
      reason,
      arrives: daysBefore(new Date(), -5),
    };
  },
});

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
