import AxeBuilder from "@axe-core/playwright";
import type { Locator, Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { articles, ask, beginConversation, choose, composer, said, sidebar } from "./screen.ts";

const box = (page: Page): Locator => page.getByRole("searchbox", { name: "Search", exact: true });
const found = (page: Page): Locator => page.getByRole("main").getByRole("list", { name: "Found conversations" });
const quick = (page: Page): Locator => sidebar(page).getByRole("list", { name: "Found conversations" });

test("words of an answer are found while one types, with accents or without, and lead to it", async ({
  page,
  model,
}) => {
  model.answers("breakfast", "Try a café crème at the harbour.");
  await beginConversation(page, "What for breakfast?", "harbour");
  await page.goto("/");

  await box(page).fill("cafe har");
  await expect(quick(page).getByRole("link", { name: "What for breakfast?" })).toBeVisible();
  await expect(quick(page).locator("mark")).toHaveText(["café", "harbour"]);
  await quick(page).getByRole("link", { name: "Assistant" }).click();

  await expect(page).toHaveURL(/\/c\/[\w-]+#m-1$/);
  await expect(said(page, "Assistant")).toBeInViewport();
});

test("the page finds what is far up in a long thread, and opens it there", async ({ page, model }) => {
  const long = Array.from({ length: 60 }, (_, line) => `Line ${line} of a long answer.`).join("\n\n");
  model.answers("needle", "The needle is here.");
  model.answers(/more/, long);
  const address = await beginConversation(page, "Where is the needle?", "The needle is here.");
  await ask(page, "Tell me more", "Line 59");
  await ask(page, "And more", "Line 59");

  await page.goto("/search?q=needle");
  await found(page).getByRole("link", { name: "The needle is here." }).click();

  await expect(page).toHaveURL(`${address}#m-1`);
  await expect(articles(page).nth(1)).toBeInViewport();
  await expect(articles(page).nth(1)).toContainText("The needle is here.");
  await page.reload();
  await expect(articles(page).nth(1)).toBeInViewport();
});

test("what stands on another branch is found, and opens on that branch", async ({ page, model }) => {
  model.answers("apples", "About apples.");
  model.answers("pears", "About pears.");
  await beginConversation(page, "Tell me of apples", "About apples.");
  await said(page, "You").hover();
  await said(page, "You").getByRole("button", { name: "Edit" }).click();
  await page.getByRole("textbox", { name: "Edit message" }).fill("Tell me of pears");
  await page.getByRole("button", { name: "Send", exact: true }).first().click();
  await expect(said(page, "Assistant")).toContainText("About pears.");
  await page.reload();
  await expect(articles(page)).toContainText(["Tell me of pears", "About pears."]);

  await page.goto("/search?q=about+apples");
  await found(page).getByRole("link", { name: "About apples." }).click();

  await expect(page).toHaveURL(/\?branch=[\w-]+#m-1$/);
  await expect(articles(page)).toContainText(["Tell me of apples", "About apples."]);
});

test("filters can be picked, and stand in the words as if they had been typed", async ({ page, model }) => {
  model.answers("invoice", "Here:\n\n```ts\nconst invoice = 1;\n```");
  await beginConversation(page, "An invoice in code", "const invoice");
  await page.goto("/search?q=invoice");
  await expect(found(page).getByRole("link", { name: "An invoice in code" })).toHaveCount(2);

  await page.getByRole("checkbox", { name: "Code" }).check();
  await expect(page).toHaveURL(/q=invoice\+has%3Acode$/);
  await expect(found(page).getByRole("listitem").getByRole("listitem")).toHaveCount(1);
  await page.getByRole("combobox", { name: "Agent" }).selectOption({ label: "Billing" });
  await expect(page.getByRole("searchbox", { name: "Words in titles and messages" })).toHaveValue(
    "invoice has:code agent:billing",
  );
  await expect(page.getByRole("main").getByRole("status")).toHaveText(/Nothing has all these words/);
  await page.getByRole("combobox", { name: "Agent" }).selectOption("");
  await page.getByRole("combobox", { name: "Namespace" }).selectOption({ label: "Support" });
  await expect(page.getByRole("main").getByRole("status")).toHaveText(/Nothing has all these words/);

  await page.goto("/search?q=invoice+before:soon+namespace:nowhere");
  await expect(page.getByRole("main").getByRole("status")).toContainText('"before:" needs a date');
  await expect(page.getByRole("main").getByRole("status")).toContainText('You have no namespace "nowhere".');
});

test("a deleted conversation is gone from the results at once, and undo brings it back", async ({ page, model }) => {
  model.answers("treasure", "Under the oak.");
  await beginConversation(page, "Where is the treasure?", "Under the oak.");
  await box(page).fill("oak");
  await expect(quick(page).getByRole("link", { name: "Under the oak." })).toBeVisible();
  await box(page).clear();

  await choose(page, "Where is the treasure?", "Delete");
  await box(page).fill("oak");
  await expect(sidebar(page).getByText("Nothing has all these words.")).toBeVisible();

  await page.getByRole("button", { name: "Undo" }).click();
  await expect(composer(page)).toBeFocused();
  await box(page).fill("the oak");
  await expect(quick(page).getByRole("link", { name: "Under the oak." })).toBeVisible();
});

test("markup in a message is shown as it was typed", async ({ page, model }) => {
  model.answers("markup", "Noted.");
  await beginConversation(page, "<img src=x onerror=alert(1)> markup", "Noted.");
  await page.goto("/search?q=onerror");
  await expect(found(page).getByRole("link", { name: "<img src=x onerror=alert(1)> markup" }).first()).toBeVisible();
  await expect(found(page).locator("img")).toHaveCount(0);
});

test("nobody finds what others wrote", async ({ page, another, model }) => {
  model.answers("secret", "Kept.");
  await beginConversation(page, "The secret of Alice", "Kept.");
  const { page: bob } = await another("Bob");
  for (const words of ["secret", "kept", "alice", "has:code", "after:2020"]) {
    const response = await bob.request.get(`/api/search?q=${words}`);
    expect(await response.json(), words).toMatchObject({ hits: [], next: null });
  }
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`results can be read by everybody, in ${colorScheme} and on a phone`, async ({ page, model }) => {
    model.answers("lighthouse", "The lighthouse stands.");
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await beginConversation(page, "Where is the lighthouse?", "The lighthouse stands.");
    await page.goto("/search?q=lighthouse");
    await expect(found(page).getByRole("link").first()).toBeVisible();
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

    await box(page).fill("light");
    await expect(quick(page).getByRole("link").first()).toBeVisible();
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

    await page.setViewportSize({ width: 390, height: 800 });
    await page.goto("/search?q=lighthouse");
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  });
}

// One is a day ahead of the server, or the other a day behind it, at any hour.
for (const timezoneId of ["Pacific/Kiritimati", "Pacific/Pago_Pago"]) {
  test.describe(`in ${timezoneId}`, () => {
    test.use({ timezoneId });

    test("a day begins where the person is", async ({ page, model }) => {
      model.answers("harbour", "Boats.");
      await beginConversation(page, "In the harbour", "Boats.");
      const [today, tomorrow] = await page.evaluate(() =>
        [0, 86_400_000].map((later) => new Date(Date.now() + later).toLocaleDateString("sv")),
      );
      await box(page).fill(`harbour after:${today} before:${tomorrow}`);
      await expect(quick(page).getByRole("link", { name: "In the harbour" }).first()).toBeVisible();
      await page.goto(`/search?q=harbour+before:${today}`);
      await expect(page.getByRole("main").getByRole("status")).toHaveText(/Nothing has all these words/);
    });
  });
}
