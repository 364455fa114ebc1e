import { type BrowserContext, expect, type Locator, type Page } from "@playwright/test";

/** The things on the screen by the names that people and their screen readers know. */

export const composer = (page: Page): Locator => page.getByRole("textbox", { name: "Message", exact: true });
export const thread = (page: Page): Locator => page.getByRole("log", { name: "Messages" });
export const articles = (page: Page): Locator => thread(page).getByRole("article");
export const said = (page: Page, who: string): Locator => thread(page).getByRole("article", { name: who, exact: true });
export const sidebar = (page: Page): Locator => page.getByRole("navigation", { name: "Conversations" });
export const stopButton = (page: Page): Locator => page.getByRole("button", { name: "Stop", exact: true });
/** Errors; not the element in which Next tells screen readers the title of a new page. */
export const alert = (page: Page): Locator =>
  page.getByRole("alert").and(page.locator(":not(#__next-route-announcer__)"));

export const conversationLink = (page: Page, title: string | RegExp): Locator =>
  sidebar(page).getByRole("link", { name: title });

export async function send(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await page.getByRole("button", { name: "Send", exact: true }).click();
}

/** Sends a message and waits until the answer stands there, whole. */
export async function ask(page: Page, text: string, answer: string, agent = "Assistant"): Promise<void> {
  await send(page, text);
  await expect(said(page, agent).last()).toContainText(answer);
  await expect(stopButton(page)).toBeHidden();
}

/** Begins a conversation and waits until it has an address of its own. */
export async function beginConversation(page: Page, text: string, answer: string): Promise<string> {
  await page.goto("/");
  await ask(page, text, answer);
  await expect(page).toHaveURL(/\/c\/[\w-]+/);
  return new URL(page.url()).pathname;
}

/** Chooses from the list of agents. */
export async function chooseAgent(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: /^Agent: / }).click();
  await page
    .getByRole("listbox", { name: "Agents" })
    .getByRole("option", { name: new RegExp(`^${name}`) })
    .click();
  await expect(page.getByRole("button", { name: `Agent: ${name}` })).toBeVisible();
}

/** Opens the menu of a conversation in the sidebar and chooses from it. */
export async function choose(page: Page, title: string, item: string): Promise<void> {
  const wanted = page.getByRole("menuitem", { name: item, exact: true });
  // A list that is told news in this very moment may close the menu of one of its rows.
  await expect(async () => {
    if (!(await wanted.isVisible())) {
      await conversationLink(page, title).hover();
      await sidebar(page)
        .getByRole("button", { name: `Options for ${title}` })
        .click({ timeout: 5_000 });
    }
    await wanted.click({ timeout: 5_000 });
  }).toPass();
}

/** Deletes a conversation from the sidebar, and waits until the server knows. */
export async function remove(page: Page, title: string): Promise<void> {
  const address = (await conversationLink(page, title).getAttribute("href")) ?? "";
  await choose(page, title, "Delete");
  await expect(conversationLink(page, title)).toHaveCount(0);
  await expect.poll(async () => (await page.request.get(address)).status()).toBe(404);
}

/** Takes the server away from a page. A request right behind the word might still slip through. */
export async function goOffline(page: Page, context: BrowserContext): Promise<void> {
  await context.setOffline(true);
  await expect
    .poll(() =>
      page.evaluate(() =>
        fetch("/api/health").then(
          () => "there",
          () => "gone",
        ),
      ),
    )
    .toBe("gone");
}
