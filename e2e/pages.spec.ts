import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { beginConversation, sidebar } from "./screen.ts";

const open = ["/sign-in", "/sign-up"];
const closed = ["/", "/agents", "/search?q=apples", "/settings"];

const richAnswer = [
  "Here is **everything**:",
  "| When | Amount |\n|---|---|\n| 3 Nov | 49.00 |",
  "```ts\nconst total: number = 49;\n```",
  "1. A [link](https://example.com)\n2. `code`",
  "> A quotation",
].join("\n\n");

/** What axe finds, as one line each. */
async function violations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`in ${colorScheme}`, () => {
    test.use({ colorScheme, contextOptions: { reducedMotion: "reduce" } });

    test("axe finds nothing on the ways in", async ({ stranger }) => {
      await stranger.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      for (const path of open) {
        await stranger.goto(path);
        await expect(stranger.getByRole("heading", { level: 1 })).toBeVisible();
        expect(await violations(stranger), path).toEqual([]);
      }
    });

    test("axe finds nothing on the pages", async ({ page, model }) => {
      model.answers("price of apples", "Two euros.");
      await beginConversation(page, "The price of apples", "Two euros.");
      for (const path of closed) {
        await page.goto(path);
        await expect(sidebar(page)).toBeVisible();
        expect(await violations(page), path).toEqual([]);
      }
    });

    test("axe finds nothing in a conversation with all that it can show", async ({ page, model }) => {
      model.answers("show me everything", richAnswer);
      model.handsOver("charged twice", "Billing", "I see both charges.");
      await beginConversation(page, "Please show me everything", "A quotation");
      expect(await violations(page)).toEqual([]);

      await page.getByRole("button", { name: /^Agent: / }).click();
      await expect(page.getByRole("listbox", { name: "Agents" })).toBeVisible();
      expect(await violations(page)).toEqual([]);
    });
  });
}

test("no page is wider than a phone of 390 px", async ({ page, model }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  model.answers(
    "show me everything",
    `${richAnswer}\n\n${"averylongword".repeat(30)}\n\n\`\`\`\n${"x".repeat(400)}\n\`\`\``,
  );
  const address = await beginConversation(page, `Please show me everything ${"longword".repeat(40)}`, "A quotation");
  for (const path of [address, ...closed, ...open]) {
    await page.goto(path);
    await expect(page.getByRole("main")).toBeVisible();
    await expect(page.getByRole("button", { name: "Copy code" })).toHaveCount(path === address ? 2 : 0);
    const width = await page.evaluate(() => document.fonts.ready.then(() => document.documentElement.scrollWidth));
    expect(width, path).toBeLessThanOrEqual(390);
  }
});

test("on a phone the conversations are behind a button", async ({ page, model }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  model.answers("price of apples", "Two euros.");
  await beginConversation(page, "The price of apples", "Two euros.");

  await expect(sidebar(page)).toBeHidden();
  await page.getByRole("button", { name: "Open sidebar" }).click();
  await expect(sidebar(page).getByRole("link", { name: /apples/ })).toBeVisible();
});
