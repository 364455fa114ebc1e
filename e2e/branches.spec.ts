import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import type { ScriptedModel } from "./model.ts";
import { alert, articles, ask, beginConversation, chooseAgent, said, send, stopButton } from "./screen.ts";

const chip = (page: Page) => page.getByRole("button", { name: /\d branches$/ });
const allBranches = (page: Page) => page.getByRole("list", { name: "All branches" });
const map = (page: Page) => page.getByRole("region", { name: "Map" });

async function edit(page: Page, text: string, answer: string): Promise<void> {
  await said(page, "You").last().hover();
  await said(page, "You").last().getByRole("button", { name: "Edit", exact: true }).click();
  await page.getByRole("textbox", { name: "Edit message" }).fill(text);
  await said(page, "You").last().getByRole("button", { name: "Send", exact: true }).click();
  await expect(said(page, "Assistant").last()).toContainText(answer);
  await expect(stopButton(page)).toBeHidden();
}

/** A conversation that parts at its first message: about France, and about Italy, which is shown. */
async function twoBranches(page: Page, model: ScriptedModel): Promise<string> {
  model.answers("capital of France", "The capital is Paris.");
  model.answers("capital of Italy", "The capital is Rome.");
  const address = await beginConversation(page, "The capital of France?", "The capital is Paris.");
  await edit(page, "The capital of Italy?", "The capital is Rome.");
  await expect(chip(page)).toBeVisible();
  return address;
}

async function chooseFromMenu(page: Page, item: string): Promise<void> {
  await page.getByRole("button", { name: "More about this conversation" }).click();
  await page.getByRole("menuitem", { name: item }).click();
}

test("the menu lists all branches with their length, and another one is made the current one", async ({
  page,
  model,
}) => {
  await twoBranches(page, model);
  await expect(chip(page)).toHaveAccessibleName(/The capital of Italy\? · 2 branches/);

  await chip(page).click();
  await expect(allBranches(page).getByRole("listitem")).toHaveCount(2);
  await expect(allBranches(page)).toContainText("2 messages");
  await expect(allBranches(page).locator("[aria-current]")).toContainText("The capital of Italy?");
  await allBranches(page).getByRole("button", { name: /^main/ }).click();

  await expect(said(page, "Assistant")).toContainText("The capital is Paris.");
  await page.reload();
  await expect(said(page, "Assistant")).toContainText("The capital is Paris.");
});

test("a branch is renamed in its place, and not to the name of another", async ({ page, model }) => {
  await twoBranches(page, model);
  await chip(page).click();

  await allBranches(page).getByRole("button", { name: "Rename The capital of Italy?" }).click();
  const field = page.getByRole("textbox", { name: "New name of The capital of Italy?" });
  await field.fill("main");
  await field.press("Enter");
  await expect(alert(page)).toContainText('There is a branch named "main" already.');
  await field.fill("Rome");
  await field.press("Enter");

  await expect(allBranches(page).getByRole("button", { name: /^Rome/ })).toBeVisible();
  await page.reload();
  await expect(chip(page)).toHaveAccessibleName(/^Rome · 2 branches$/);
});

test("a deleted branch comes back whole, the last one can't be deleted", async ({ page, model }) => {
  await twoBranches(page, model);
  await chip(page).click();
  await allBranches(page).getByRole("button", { name: "Delete The capital of Italy?" }).click();

  await expect(said(page, "Assistant")).toContainText("The capital is Paris.");
  await expect(chip(page)).toBeHidden();
  await page.getByRole("button", { name: "Undo" }).click();

  await expect(said(page, "Assistant")).toContainText("The capital is Rome.");
  await page.reload();
  await expect(said(page, "Assistant")).toContainText("The capital is Rome.");
  await expect(said(page, "You")).toContainText("2 / 2");
});

test("what is said where another branch has gone on is another version at once", async ({ page, model }) => {
  model.answers("capital of France", "The capital is Paris.");
  model.answers("its river", "The Seine.");
  model.answersSlowly("its mayor", "Somebody else by now. ".repeat(8), 100);
  await beginConversation(page, "The capital of France?", "The capital is Paris.");
  await said(page, "Assistant").hover();
  await said(page, "Assistant").getByRole("button", { name: "Branch from here" }).click();
  await expect(chip(page)).toBeVisible();
  await ask(page, "And its river?", "The Seine.");
  await chip(page).click();
  await allBranches(page).getByRole("button", { name: /^main/ }).click();
  await expect(articles(page)).toHaveCount(2);

  await ask(page, "And its mayor?", "Somebody else by now.");
  await expect(said(page, "You").last()).toContainText(/[12] \/ 2/);
  await said(page, "You").last().getByRole("button", { name: "Next version" }).click();
  await expect(said(page, "Assistant").last()).toContainText("The Seine.");
});

test("a live run on one branch leaves the other usable", async ({ page, model }) => {
  await twoBranches(page, model);
  model.answersSlowly("slowly", "It takes its time. ".repeat(60), 200);
  model.answers("on this side", "Here at once.");
  await send(page, "Say it slowly");
  await expect(stopButton(page)).toBeVisible();

  await chip(page).click();
  await allBranches(page).getByRole("button", { name: /^main/ }).click();
  await expect(articles(page)).toHaveCount(2);
  await expect(said(page, "Assistant")).toContainText("The capital is Paris.");
  await send(page, "And on this side?");
  await expect(said(page, "Assistant").last()).toContainText("Here at once.");
});

test("another agent is in charge on another branch", async ({ page, model }) => {
  await twoBranches(page, model);
  await chooseAgent(page, "Billing");

  await chip(page).click();
  await allBranches(page).getByRole("button", { name: /^main/ }).click();
  await expect(page.getByRole("button", { name: "Agent: Assistant" })).toBeVisible();
  await page.getByRole("button", { name: "Next version" }).click();
  await expect(page.getByRole("button", { name: "Agent: Billing" })).toBeVisible();
});

test("a fork takes one branch or all into another namespace, and each names the other", async ({ page, model }) => {
  const address = await twoBranches(page, model);
  for (const all of [false, true]) {
    await chooseFromMenu(page, "Fork into a new conversation");
    const dialog = page.getByRole("dialog", { name: "Fork into a new conversation" });
    if (all) await dialog.getByRole("radio", { name: "All 2 branches" }).check();
    await dialog.getByRole("combobox", { name: "Namespace" }).selectOption({ label: "Support" });
    await dialog.getByRole("button", { name: "Fork conversation" }).click();

    await expect(page).not.toHaveURL(new RegExp(`${address}$`));
    await expect(said(page, "Assistant")).toContainText("The capital is Rome.");
    await expect(chip(page)).toBeVisible({ visible: all });
    await page.getByRole("link", { name: /^Forked from / }).click();
    await expect(page).toHaveURL(new RegExp(`${address}$`));
  }
  await page.getByRole("button", { name: "More about this conversation" }).click();
  await expect(page.getByRole("menuitem", { name: /^Fork of / })).toHaveCount(2);
});

test("what is said in a fork changes nothing in the first conversation", async ({ page, model }) => {
  const address = await twoBranches(page, model);
  model.answers("And more", "More it is.");
  await chooseFromMenu(page, "Fork into a new conversation");
  await page.getByRole("button", { name: "Fork conversation" }).click();
  await expect(page.getByRole("link", { name: /^Forked from / })).toBeVisible();
  await send(page, "And more?");
  await expect(said(page, "Assistant").last()).toContainText("More it is.");

  await page.goto(address);
  await expect(articles(page)).toHaveCount(2);
});

test("two branches stand side by side, and what their answers do not share is marked", async ({ page, model }) => {
  await twoBranches(page, model);
  await chip(page).click();
  await allBranches(page).getByRole("link", { name: "Compare with main" }).click();

  const rome = page.getByRole("region", { name: "The capital of Italy?" });
  const paris = page.getByRole("region", { name: "main" });
  await expect(rome.locator("mark")).toHaveText(["Rome"]);
  await expect(paris.locator("mark")).toHaveText(["Paris"]);
  await paris.getByRole("link", { name: "Open main" }).click();
  await expect(said(page, "Assistant")).toContainText("The capital is Paris.");
});

test("the map shows the whole tree, by pointer, by keyboard and as a list", async ({ page, model }) => {
  await twoBranches(page, model);
  await chooseFromMenu(page, "Map of the conversation");
  await expect(map(page).getByRole("link")).toHaveCount(4);
  await map(page).getByRole("link", { name: /Paris/ }).click();
  await expect(page).toHaveURL(/branch=.*#m-1$/);
  await expect(said(page, "Assistant")).toContainText("The capital is Paris.");

  await page.goBack();
  await map(page).getByRole("link", { name: /Rome/ }).focus();
  await page.keyboard.press("Enter");
  await expect(said(page, "Assistant")).toContainText("The capital is Rome.");

  await page.goBack();
  await page.getByRole("link", { name: "Show as a list" }).click();
  await expect(page.getByText("Way 2 of 2")).toBeVisible();
  await page.getByRole("link", { name: /Paris/ }).click();
  await expect(said(page, "Assistant")).toContainText("The capital is Paris.");
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`menu, comparison and map are accessible in the ${colorScheme} theme`, async ({ page, model }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const address = await twoBranches(page, model);
    const violations = async () => (await new AxeBuilder({ page }).analyze()).violations;
    await chip(page).click();
    await expect(allBranches(page)).toBeVisible();
    expect(await violations()).toEqual([]);

    await allBranches(page).getByRole("link", { name: "Compare with main" }).click();
    await expect(page.getByRole("region", { name: "main" })).toBeVisible();
    expect(await violations()).toEqual([]);

    await page.goto(`${address}/map`);
    await expect(map(page).getByRole("link")).toHaveCount(4);
    expect(await violations()).toEqual([]);
    await page.getByRole("link", { name: "Show as a list" }).click();
    await expect(page.getByText("Way 2 of 2")).toBeVisible();
    expect(await violations()).toEqual([]);
  });
}
