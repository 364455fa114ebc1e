import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { writeConversation } from "./long-conversation.ts";
import { articles, ask, composer, said, send, stopButton, thread } from "./screen.ts";

const article = (page: Page, words: string) => articles(page).filter({ hasText: words });
const newest = (page: Page) => page.getByRole("button", { name: "Jump to the newest" });

/** Where something stands on the screen. */
const topOf = async (page: Page, words: string) => (await article(page, words).boundingBox())?.y ?? Number.NaN;

/** Scrolls up until the words are there, as far as the wheel goes each time. */
async function scrollUpTo(page: Page, words: string): Promise<void> {
  await thread(page).hover();
  await expect(async () => {
    await page.mouse.wheel(0, -20_000);
    await expect(article(page, words)).toBeAttached({ timeout: 250 });
  }).toPass();
}

test("a conversation of 10,000 messages opens at its end, with little of it", async ({ page, server, alice }) => {
  const { address } = await writeConversation(server.dataDir, alice, 10_000);
  await page.goto(address);
  await expect(article(page, "Answer 4999.")).toBeInViewport();
  expect(await articles(page).count()).toBeLessThan(100);
});

test("earlier messages come as one scrolls up, and what one reads stays where it is", async ({
  page,
  server,
  alice,
}) => {
  const { address } = await writeConversation(server.dataDir, alice, 300);
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await page.route("**/messages?*", async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(address);
  await expect(article(page, "Answer 149.")).toBeInViewport();
  await expect(article(page, "Question 0.")).toHaveCount(0);

  await thread(page).hover();
  await page.mouse.wheel(0, -50_000);
  await expect(page.getByText("Loading earlier messages")).toBeVisible();
  const first = (await articles(page).first().textContent())?.match(/Question \d+\./)?.[0] ?? "";
  expect(first).not.toBe("");
  const before = await topOf(page, first);
  letGo();
  await expect.poll(() => articles(page).count()).toBeGreaterThan(60);
  await expect(articles(page).first()).not.toContainText(first);
  expect(Math.abs((await topOf(page, first)) - before)).toBeLessThan(2);

  await scrollUpTo(page, "Question 0.");
  await expect(page.getByText("Loading earlier messages")).toHaveCount(0);
  expect(await articles(page).count()).toBeLessThan(130);
  await newest(page).click();
  await expect(article(page, "Answer 149.")).toBeInViewport();
  await expect(newest(page)).toBeHidden();
});

test("what could not be loaded is said, and tried again", async ({ page, server, alice }) => {
  const { address } = await writeConversation(server.dataDir, alice, 100);
  await page.route("**/messages?*", (route) => route.abort());
  await page.goto(address);
  await expect(article(page, "Answer 49.")).toBeInViewport();
  await thread(page).hover();
  await page.mouse.wheel(0, -50_000);
  await expect(page.getByText("The earlier messages could not be loaded.")).toBeVisible();
  await page.unroute("**/messages?*");
  await page.getByRole("button", { name: "Try again" }).first().click();
  await scrollUpTo(page, "Question 0.");
});

test("an address leads to a message far up, from where one reads on and comes back", async ({
  page,
  server,
  alice,
  model,
}) => {
  const long = await writeConversation(server.dataDir, alice, 3_000);
  await page.goto(`${long.address}#m-${long.positionOf(1) + 1}`);
  await expect(article(page, "Answer 1.")).toBeInViewport();
  await expect(article(page, "Answer 1499.")).toHaveCount(0);

  await thread(page).hover();
  await expect(async () => {
    await page.mouse.wheel(0, 5_000);
    await expect(article(page, "Answer 80.")).toBeAttached({ timeout: 250 });
  }).toPass();
  expect(await articles(page).count()).toBeLessThan(130);

  model.answers("from here", "Heard at the end.");
  await ask(page, "Sent from here", "Heard at the end.");
  await expect(article(page, "Answer 1499.")).toBeAttached();
  await expect(said(page, "Assistant").last()).toBeInViewport();
  await page.reload();
  await expect(article(page, "Answer 1.")).toBeInViewport();
});

test("a message far up is edited in its place, and the versions are paged there", async ({
  page,
  server,
  alice,
  model,
}) => {
  const long = await writeConversation(server.dataDir, alice, 400);
  model.answers("Another question", "Another answer.");
  await page.goto(`${long.address}#m-${long.positionOf(3)}`);
  await article(page, "Question 3.").hover();
  await article(page, "Question 3.").getByRole("button", { name: "Edit" }).click();
  await page.getByRole("textbox", { name: "Edit message" }).fill("Another question");
  await page.getByRole("textbox", { name: "Edit message" }).press("Enter");
  await expect(said(page, "Assistant").last()).toContainText("Another answer.");
  await expect(article(page, "Another question")).toContainText("2 / 2");
  await expect(articles(page)).toHaveCount(8);

  await article(page, "Another question").getByRole("button", { name: "Previous version" }).click();
  await expect(article(page, "Question 3.")).toBeInViewport();
  await expect(article(page, "Question 3.")).toContainText("1 / 2");
  await newest(page).click();
  await expect(article(page, "Answer 199.")).toBeInViewport();
});

test("an answer is written on while one reads far up", async ({ page, server, alice, model }) => {
  const { address } = await writeConversation(server.dataDir, alice, 400);
  model.answersSlowly("slowly", "Word by word it comes. ".repeat(40), 30);
  await page.goto(address);
  await send(page, "Say it slowly");
  await expect(said(page, "Assistant").last()).toContainText("Word by word");
  await scrollUpTo(page, "Question 120.");
  await expect(said(page, "You").last()).not.toContainText("Say it slowly");
  await expect(composer(page)).toBeEditable();
  await expect(stopButton(page)).toBeVisible();
  const seen = await articles(page).count();
  await expect(stopButton(page)).toBeHidden();
  expect(await articles(page).count()).toBe(seen);
  await newest(page).click();
  await expect(said(page, "Assistant").last()).toContainText(/Word by word it comes\.\s*$/m);
  await expect(said(page, "Assistant").last()).toBeInViewport();
});

test("one answer of thousands of steps opens", async ({ page, server, alice }) => {
  const { address } = await writeConversation(server.dataDir, alice, 4, (turn) => ({
    question: `Question ${turn}.`,
    calls: turn === 1 ? 3_000 : 0,
    answer: `Answer ${turn}.`,
  }));
  await page.goto(address);
  await expect(page.getByText("Answer 1.")).toBeInViewport();
  await page.getByRole("button", { name: "Show 2,801 earlier steps" }).click();
  await expect(page.getByRole("button", { name: "Show 2,801 earlier steps" })).toBeHidden();
  await scrollUpTo(page, "Question 0.");
});
