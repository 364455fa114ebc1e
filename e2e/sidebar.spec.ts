import { expect, test } from "./fixtures.ts";
import { beginConversation, choose, conversationLink, remove, said, sidebar } from "./screen.ts";

const title = "The price of apples";

test.beforeEach(async ({ page, model }) => {
  model.answers("price of apples", "Two euros.");
  await beginConversation(page, "The price of apples", "Two euros.");
  await expect(conversationLink(page, title)).toBeVisible();
});

test("a conversation gets another title", async ({ page }) => {
  await choose(page, title, "Rename");
  const field = page.getByRole("textbox", { name: /title|rename/i });
  await field.fill("Apples and pears");
  await field.press("Enter");

  await expect(conversationLink(page, "Apples and pears")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Apples and pears");
  await page.reload();
  await expect(conversationLink(page, "Apples and pears")).toBeVisible();
  await expect(conversationLink(page, title)).toHaveCount(0);
});

test("a pinned conversation stands above newer ones", async ({ page, model }) => {
  model.answers("price of pears", "Three euros.");
  await choose(page, title, "Pin");
  await beginConversation(page, "The price of pears", "Three euros.");
  await expect(conversationLink(page, /pears/)).toBeVisible();

  await page.reload();
  await expect(sidebar(page).getByRole("link", { name: /The price of/ })).toHaveText([/apples/, /pears/]);
});

test("a conversation moves to another namespace", async ({ page }) => {
  await choose(page, title, "Move to namespace");
  await page.getByRole("menuitem", { name: "Project" }).click();

  await expect(page.getByRole("main").getByText("Project")).toBeVisible();
  await page.reload();
  await expect(page.getByRole("main").getByText("Project")).toBeVisible();
  await expect(conversationLink(page, title)).toBeVisible();
});

test("an archived conversation leaves the list and can still be read", async ({ page }) => {
  const address = new URL(page.url()).pathname;
  const archived = page.waitForResponse((response) => "next-action" in response.request().headers());
  await choose(page, title, "Archive");

  await expect(conversationLink(page, title)).toHaveCount(0);
  await archived;
  await page.goto(address);
  await expect(said(page, "Assistant")).toContainText("Two euros.");
  await expect(conversationLink(page, title)).toHaveCount(0);
});

test("a deleted conversation is gone, and undo brings it back", async ({ page }) => {
  const address = new URL(page.url()).pathname;
  await remove(page, title);

  await page.getByRole("button", { name: "Undo" }).click();
  await expect(conversationLink(page, title)).toBeVisible();
  await page.goto(address);
  await expect(said(page, "Assistant")).toContainText("Two euros.");

  await remove(page, title);
  expect((await page.goto(address))?.status()).toBe(404);
});
