import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import AxeBuilder from "@axe-core/playwright";
import type { Locator, Page } from "@playwright/test";
import { z } from "zod";
import { expect, test } from "./fixtures.ts";
import { authSecret, cookieOf, createPerson, signIn } from "./people.ts";
import { alert, composer, conversationLink, goOffline, said, send, sidebar, stopButton, thread } from "./screen.ts";
import { newDataDir, startServer } from "./server.ts";
import { waits } from "./things.ts";
import { Visitor } from "./visitor.ts";

const tool = (page: Page, name = "issue_refund"): Locator =>
  thread(page).getByRole("group", { name: `Tool: ${name}`, exact: true });
const approve = (page: Page): Locator => page.getByRole("button", { name: "Approve", exact: true });
const reject = (page: Page): Locator => page.getByRole("button", { name: "Reject", exact: true });

const refund = { charge: "ch_1043", reason: "charged twice" };

/** Asks Billing for something that needs an approval; answers the address of the conversation, which waits. */
async function askForRefund(page: Page, text = "Please refund the second one"): Promise<string> {
  await page.goto("/?agent=billing");
  await send(page, text);
  await expect(tool(page).first()).toBeVisible();
  await expect(approve(page).first()).toBeEnabled();
  await expect(page).toHaveURL(/\/c\/[\w-]+/);
  return new URL(page.url()).pathname;
}

test("a refund is made when it is approved, also with the keyboard, and the answer goes on", async ({
  page,
  model,
}) => {
  model.calls("refund the second one", "issue_refund", refund, "It is on its way back to you.");
  await askForRefund(page);
  await expect(tool(page)).toContainText("Billing wants to use issue_refund");
  await expect(tool(page)).toContainText("ch_1043");
  await expect(sidebar(page).getByText("Waiting for you")).toBeAttached();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);

  await approve(page).focus();
  await page.keyboard.press("Enter");

  await expect(said(page, "Billing")).toContainText("It is on its way back to you.");
  await expect(approve(page)).toHaveCount(0);
  await expect(stopButton(page)).toBeHidden();
  await expect(sidebar(page).getByText("Waiting for you")).toHaveCount(0);
  await tool(page).click();
  await expect(tool(page)).toContainText("rf_1043");
  await page.reload();
  await expect(tool(page)).toContainText("Used");
  expect(model.asked).toBe(2);
});

test("a rejected call is not made, the agent hears of it, and a reload shows it as rejected", async ({
  page,
  model,
}) => {
  model.calls("refund the second one", "issue_refund", refund, "Then we leave it as it is.");
  await askForRefund(page);
  await reject(page).click();
  await expect(said(page, "Billing")).toContainText("Then we leave it as it is.");
  await expect(tool(page)).toContainText("Rejected");
  await page.reload();
  await expect(tool(page)).toContainText("Rejected");
  await tool(page).click();
  await expect(tool(page)).not.toContainText("rf_1043");
});

test("a reload and a second tab show what waits; what one decides the other sees", async ({ page, context, model }) => {
  model.calls("refund the second one", "issue_refund", refund, "It is on its way back to you.");
  const address = await askForRefund(page);
  const other = await context.newPage();
  await other.goto(address);
  await expect(reject(other)).toBeEnabled();
  await page.reload();
  await expect(approve(page)).toBeEnabled();

  // The page that has just come is not told any news yet.
  await approve(other).click();
  await expect(said(other, "Billing")).toContainText("It is on its way back to you.");
  await expect(said(page, "Billing")).toContainText("It is on its way back to you.");
  await expect(approve(page)).toHaveCount(0);
});

test("a decision that does not reach the server keeps the page, and can be made again", async ({
  page,
  context,
  model,
}) => {
  model.calls("refund the second one", "issue_refund", refund, "It is on its way back to you.");
  await askForRefund(page);
  const search = page.getByRole("searchbox", { name: "Search", exact: true });
  await search.fill("refund");
  await goOffline(page, context);
  const asked = page.waitForEvent("requestfailed", (request) => /health|_rsc/.test(request.url()));
  await approve(page).click();
  await expect(alert(page)).toContainText("The server cannot be reached. Nothing was decided");
  await asked;
  await context.setOffline(false);
  await approve(page).click();
  await expect(said(page, "Billing")).toContainText("It is on its way back to you.");
  await expect(search).toHaveValue("refund");
});

test("several calls are decided one by one, and the answer goes on after the last", async ({ page, model }) => {
  const calls = ["ch_1042", "ch_1043"].map((charge) => ({ tool: "issue_refund", input: { ...refund, charge } }));
  model.callsTogether("refund both", calls, "One of the two it is.");
  await askForRefund(page, "Please refund both");
  await expect(approve(page)).toHaveCount(2);

  await reject(page).first().click();
  await expect(approve(page)).toHaveCount(1);
  await expect(tool(page).first()).toContainText("Rejected");
  await page.reload();
  await expect(tool(page).first()).toContainText("Rejected");
  await approve(page).click();

  await expect(said(page, "Billing")).toContainText("One of the two it is.");
  await expect(tool(page).nth(1)).toContainText("Used");
  expect(model.asked).toBe(2);
});

test("a stop while it waits cancels the call, and the next message works", async ({ page, model }) => {
  model.calls("refund the second one", "issue_refund", refund, "Never said.");
  model.answers("forget it", "Forgotten.");
  await askForRefund(page);
  await stopButton(page).click();
  await expect(tool(page)).toContainText("Did not finish");
  await expect(approve(page)).toHaveCount(0);
  await send(page, "Then forget it");
  await expect(said(page, "Billing").last()).toContainText("Forgotten.");
});

test("a message that is sent while it waits is kept, and answered after the decision", async ({ page, model }) => {
  model.calls("refund the second one", "issue_refund", refund, "It is on its way back to you.");
  model.answers("anything else", "That was all.");
  await askForRefund(page);
  await composer(page).fill("Is there anything else");
  await page.getByRole("button", { name: "Queue", exact: true }).click();
  await expect(page.getByRole("list", { name: "Waiting messages" })).toContainText("Is there anything else");
  await approve(page).click();
  await expect(said(page, "Billing").last()).toContainText("That was all.");
  await expect(page.getByRole("list", { name: "Waiting messages" })).toHaveCount(0);
});

test("of two approvals at once one counts, the other is told so, and the refund is made once", async ({
  page,
  server,
  alice,
  another,
  model,
}) => {
  model.calls("refund the second one", "issue_refund", refund, "It is on its way back to you.");
  const one = new Visitor(server.url, await cookieOf(alice));
  const two = new Visitor(server.url, await cookieOf(alice));
  const message = { operation: randomUUID(), text: "Please refund the second one", agent: "billing" };
  const { outcome: sent } = await one.call("send", message);
  const { run, conversation } = z
    .object({ run: z.string(), conversation: z.string() })
    .parse(sent?.ok ? sent.value : sent);
  const call = await waits(one, run);
  await page.goto(`/c/${conversation}`);
  await expect(approve(page)).toBeEnabled();
  const { person } = await another("Mallory");
  const stranger = new Visitor(server.url, await cookieOf(person));
  expect((await stranger.call("decide", { id: run, call, approved: true })).outcome).toMatchObject({
    error: { code: "not_found" },
  });

  const approval = { id: run, call, approved: true };
  const outcomes = await Promise.all([one.call("decide", approval), two.call("decide", approval)]);
  const refused = outcomes.flatMap(({ outcome }) => (outcome && !outcome.ok ? [outcome.error] : []));
  expect(refused).toEqual([
    { code: "conflict", message: "That was approved already, in another tab or on another device." },
  ]);
  await expect(said(page, "Billing")).toContainText("It is on its way back to you.");
  await expect(tool(page)).toHaveCount(1);
  expect(model.asked).toBe(2);
});

test("without any key, and over a restart of the server, what waits can still be approved", async ({ browser }) => {
  const dataDir = await newDataDir();
  const environment = { DATA_DIR: dataDir, AUTH_SECRET: authSecret };
  const first = await startServer(environment);
  const person = await createPerson(dataDir, "Nora");
  const context = await browser.newContext();
  await signIn(context, first.url, person);
  const page = await context.newPage();
  await page.goto(`${first.url}/?agent=billing`);
  await page.getByRole("button", { name: "Refund charge ch_1043" }).click();
  await expect(approve(page)).toBeEnabled();
  await expect(page).toHaveURL(/\/c\/[\w-]+/);
  const address = new URL(page.url()).pathname;
  await first.stop();

  const second = await startServer(environment);
  await signIn(context, second.url, person);
  await page.goto(`${second.url}${address}`);
  await expect(conversationLink(page, /Refund/)).toBeVisible();
  await expect(sidebar(page).getByText("Waiting for you")).toBeAttached();
  await approve(page).click();
  await expect(said(page, "Billing")).toContainText("12.00 EUR");
  await context.close();
  await second.stop();
  await rm(dataDir, { recursive: true });
});
