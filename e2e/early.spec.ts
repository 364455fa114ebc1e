import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { writeConversation } from "./long-conversation.ts";
import { articles, beginConversation, composer, said, sidebar, thread } from "./screen.ts";

/** Opens a page as on a slow line: it is there to be seen and used, and its scripts come when they are let come. */
async function openSlowly(page: Page, address: string): Promise<() => void> {
  let comeAlive = () => {};
  const held = new Promise<void>((resolve) => (comeAlive = resolve));
  await page.route("**/_next/static/**/*.js", async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(address, { waitUntil: "commit" });
  await expect(composer(page)).toBeVisible();
  return comeAlive;
}

test("words typed before the page is alive are searched for, and kept in the message", async ({ page, model }) => {
  model.answers("breakfast", "Try the harbour.");
  const address = await beginConversation(page, "What for breakfast?", "harbour");

  const comeAlive = await openSlowly(page, address);
  await composer(page).fill("And for lunch?");
  await page.getByRole("searchbox", { name: "Search", exact: true }).fill("harbour");
  comeAlive();

  await expect(sidebar(page).getByRole("list", { name: "Found conversations" }).getByRole("link")).not.toHaveCount(0);
  await expect(composer(page)).toHaveValue("And for lunch?");
  await expect(page.getByRole("button", { name: "Send", exact: true })).toBeEnabled();
});

test("who scrolls up before the page is alive stays there", async ({ page, server, alice }) => {
  const { address } = await writeConversation(server.dataDir, alice, 300);
  const comeAlive = await openSlowly(page, address);
  const above = articles(page).first();
  await expect(articles(page).last()).toBeInViewport();
  await thread(page).hover();
  await page.mouse.wheel(0, -50_000);
  await expect(above).toBeInViewport();
  const read = (await above.textContent())?.match(/(Question|Answer) \d+\./)?.[0] ?? "";
  expect(read).not.toBe("");
  comeAlive();

  await expect(page.getByRole("button", { name: "Jump to the newest" })).toBeVisible();
  await expect(articles(page).filter({ hasText: read })).toBeInViewport();
});

test("a button pressed before the page is alive does what it says, once", async ({ page, model }) => {
  model.answers("one", "First.");
  const address = await beginConversation(page, "Say one", "First.");

  let comeAlive = await openSlowly(page, address);
  await sidebar(page).getByRole("button", { name: "New conversation" }).click();
  comeAlive();
  await expect(page).toHaveURL(/\/$/);

  await page.unrouteAll({ behavior: "wait" });
  comeAlive = await openSlowly(page, address);
  await said(page, "You").hover();
  await sidebar(page).getByRole("button", { name: "Options for Say one" }).click({ force: true });
  comeAlive();
  await expect(page.getByRole("menuitem", { name: "Rename" })).toBeVisible();
});
