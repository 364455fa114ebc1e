import { tool } from "@openai/agents";
import { z } from "zod";
import { daysBefore, sampleNotice } from "./sample.ts";

const catalogue = [
  { id: "hp-20", name: "Hush 20 headphones", kind: "headphones", price: 79, note: "over-ear, 30 h battery" },
  { id: "hp-45", name: "Hush 45 headphones", kind: "headphones", price: 149, note: "over-ear, noise cancelling" },
  { id: "eb-7", name: "Pip earbuds", kind: "headphones earbuds", price: 49, note: "in-ear, water resistant" },
  { id: "bp-18", name: "Day Loop 18 L", kind: "backpack bag", price: 59, note: "fits a 14 inch laptop" },
  { id: "bp-32", name: "Long Loop 32 L", kind: "backpack bag travel", price: 109, note: "carry-on size, hip belt" },
  { id: "kb-75", name: "Quiet 75 keyboard", kind: "keyboard", price: 95, note: "tactile, three devices" },
  { id: "lm-3", name: "Corner lamp", kind: "lamp light", price: 39, note: "warm to cold white, dimmable" },
  { id: "mg-1", name: "Stone mug", kind: "mug cup", price: 14, note: "350 ml, dishwasher safe" },
];

const orders = [
  { id: "A-1043", item: "Hush 20 headphones", status: "on its way", placedDaysAgo: 4, arrivesInDays: 2 },
  { id: "A-1038", item: "Day Loop 18 L", status: "delivered", placedDaysAgo: 16, arrivesInDays: -11 },
  { id: "A-1051", item: "Stone mug, two pieces", status: "being packed", placedDaysAgo: 0, arrivesInDays: 5 },
];

export const searchCatalogue = tool({
  name: "search_catalogue",
  description: "Finds products by words, at most at a price in EUR.",
  parameters: z.object({
    query: z.string().describe("what to look for; empty for everything"),
    maximumPrice: z.number().min(0).nullable(),
  }),
  execute: ({ query, maximumPrice }) => {
    const words = query.toLowerCase().match(/[\p{L}\d]+/gu) ?? [];
    const fits = (text: string) => words.every((word) => text.includes(word.replace(/s$/, "")));
    return {
      notice: sampleNotice,
      currency: "EUR",
      products: catalogue
        .filter((product) => fits(`${product.name} ${product.kind} ${product.note}`.toLowerCase()))
        .filter((product) => product.price <= (maximumPrice ?? Number.POSITIVE_INFINITY))
        .map(({ kind: _, ...product }) => product),
    };
  },
});

export const orderStatus = tool({
  name: "order_status",
  description: "Where an order is. Without a number, all recent orders.",
  parameters: z.object({ order: z.string().nullable().describe("an order number such as A-1043") }),
  execute: ({ order }) => {
    const today = new Date();
    const found = orders.filter((one) => order === null || one.id.toLowerCase() === order.trim().toLowerCase());
    return {
      notice: sampleNotice,
      ...(found.length === 0 && { error: `There is no order ${order}.` }),
      orders: found.map(({ placedDaysAgo, arrivesInDays, ...one }) => ({
        ...one,
        placed: daysBefore(today, placedDaysAgo),
        arrival: daysBefore(today, -arrivesInDays),
      })),
    };
  },
});
