import { RunContext, type Tool } from "@openai/agents";
import { describe, expect, it } from "vitest";
import { issueRefund, listCharges } from "./billing.ts";
import { calculate, currentTime } from "./general.ts";
import { orderStatus, searchCatalogue } from "./shopping.ts";
import { responseTargets, searchHelp } from "./support.ts";
import { checkStatus, lookUpStatusCode } from "./technical.ts";
import { convertCurrency, planDays } from "./travel.ts";

async function use(tool: Tool, input: object): Promise<unknown> {
  if (tool.type !== "function") throw new Error("not a function tool");
  return tool.invoke(new RunContext({}), JSON.stringify(input));
}

describe("tools", () => {
  it("calculate returns a result, or says what is wrong with the expression", async () => {
    expect(await use(calculate, { expression: "2450 * 18 / 100" })).toMatchObject({ result: 441 });
    expect(await use(calculate, { expression: "1/0" })).toMatchObject({ error: expect.stringMatching(/zero/) });
  });

  it("current_time knows time zones and refuses what is none", async () => {
    expect(await use(currentTime, { timeZone: "Asia/Tokyo" })).toMatchObject({ timeZone: "Asia/Tokyo" });
    expect(await use(currentTime, { timeZone: null })).toMatchObject({ timeZone: "UTC" });
    expect(await use(currentTime, { timeZone: "Moon/Base" })).toMatchObject({ error: expect.stringMatching(/Moon/) });
  });

  it("made-up records are labelled as sample data", async () => {
    const samples = [
      use(listCharges, { days: null }),
      use(issueRefund, { charge: "ch_1043", reason: "twice" }),
      use(orderStatus, { order: null }),
      use(searchCatalogue, { query: "mug", maximumPrice: null }),
      use(convertCurrency, { amount: 1, from: "USD", to: "EUR" }),
      use(responseTargets, { priority: "high" }),
    ];
    for (const sample of await Promise.all(samples)) {
      expect(sample).toMatchObject({ notice: expect.stringMatching(/^Sample data/) });
    }
  });

  it("list_charges holds one charge twice, and only looks as far back as asked", async () => {
    const all = await use(listCharges, { days: null });
    expect(all).toMatchObject({ charges: [{ id: "ch_1043", amount: 12 }, { id: "ch_1042", amount: 12 }, {}, {}] });
    expect(await use(listCharges, { days: 7 })).toMatchObject({ charges: [{ id: "ch_1043" }, { id: "ch_1042" }] });
  });

  it("issue_refund needs the person's word, and refunds what was charged", async () => {
    if (issueRefund.type !== "function") throw new Error("not a function tool");
    expect(await issueRefund.needsApproval(new RunContext({}), { charge: "ch_1043", reason: "" })).toBe(true);
    expect(await use(issueRefund, { charge: "CH_1017", reason: "unused" })).toMatchObject({
      refund: "rf_1017",
      charge: "ch_1017",
      amount: 4.5,
    });
    expect(await use(issueRefund, { charge: "ch_1", reason: "" })).toMatchObject({ error: "There is no charge ch_1." });
  });

  it("order_status finds an order whatever its case, and says when there is none", async () => {
    expect(await use(orderStatus, { order: " a-1043 " })).toMatchObject({ orders: [{ id: "A-1043" }] });
    expect(await use(orderStatus, { order: "A-9" })).toMatchObject({ error: "There is no order A-9.", orders: [] });
  });

  it("search_catalogue keeps to the words and the price", async () => {
    expect(await use(searchCatalogue, { query: "headphones", maximumPrice: 100 })).toMatchObject({
      products: [{ id: "hp-20" }, { id: "eb-7" }],
    });
    expect(await use(searchCatalogue, { query: "submarine", maximumPrice: null })).toMatchObject({ products: [] });
  });

  it("plan_days counts dates over the end of a month and refuses what is no date", async () => {
    expect(await use(planDays, { place: "Porto", days: 3, start: "2027-02-27" })).toMatchObject({
      days: [
        { date: "2027-02-27", weekday: "Saturday" },
        { date: "2027-02-28", weekday: "Sunday" },
        { date: "2027-03-01", weekday: "Monday" },
      ],
    });
    expect(await use(planDays, { place: "Porto", days: 1, start: "soon" })).toMatchObject({
      error: expect.any(String),
    });
  });

  it("convert_currency goes both ways and names the currencies that it knows", async () => {
    expect(await use(convertCurrency, { amount: 110, from: "usd", to: "EUR" })).toMatchObject({ result: 100 });
    expect(await use(convertCurrency, { amount: 1, from: "XYZ", to: "EUR" })).toMatchObject({
      error: expect.stringMatching(/EUR/),
    });
  });

  it("search_help finds the fitting article, and nothing for other matters", async () => {
    expect(await use(searchHelp, { query: "How do I export a conversation?" })).toMatchObject({
      articles: [{ title: "Export a conversation" }],
    });
    expect(await use(searchHelp, { query: "quantum gravity" })).toEqual({ articles: [] });
  });

  it("look_up_status_code knows the standard and nothing else", async () => {
    expect(await use(lookUpStatusCode, { code: 429 })).toMatchObject({
      meaning: "Too Many Requests",
      kind: "client error",
    });
    expect(await use(lookUpStatusCode, { code: 299 })).toMatchObject({ error: expect.any(String) });
  });

  it("check_status measures this process", async () => {
    expect(await use(checkStatus, {})).toMatchObject({ status: "up", upForMinutes: expect.any(Number) });
  });
});
