import { join } from "node:path";
import { createClient } from "@libsql/client";
import { ulid } from "ulid";
import { expect, test } from "./fixtures.ts";
import { signIn } from "./people.ts";
import { beginConversation, choose, conversationLink, sidebar } from "./screen.ts";

const hour = 3_600_000;

/** Writes conversations as sending would have, one for each hour back from now. */
async function seed(dataDir: string, person: string, namespaces: string[]): Promise<void> {
  const client = createClient({ url: `file:${join(dataDir, "switchboard.db")}`, timeout: 5000 });
  const now = Date.now();
  await client.batch(
    namespaces.map((namespace, place) => {
      const at = now - place * hour;
      return {
        sql: "insert into conversations (id, user_id, namespace, title, title_from, active_at, read_at, created_at) values (?, ?, ?, ?, 'made', ?, ?, ?)",
        args: [ulid(at), person, namespace, `Talk ${place}`, at, at, at],
      };
    }),
    "write",
  );
  client.close();
}

test("older conversations come as one scrolls, each once", async ({ page, server, alice }) => {
  await seed(server.dataDir, alice.id, Array(75).fill("general"));
  await page.goto("/agents");
  const links = sidebar(page).getByRole("link");
  await expect(links.first()).toHaveText("Talk 0");
  expect(await links.count()).toBeLessThan(75);

  await expect(async () => {
    await links.last().scrollIntoViewIfNeeded();
    expect(await links.count()).toBe(75);
  }).toPass();
  const titles = await links.allTextContents();
  expect(titles).toEqual(Array.from({ length: 75 }, (_, place) => `Talk ${place}`));
  await expect(sidebar(page).getByRole("heading", { name: "Yesterday" })).toBeAttached();
});

test("each namespace shows its newest, and more when it is asked for", async ({ page, server, alice }) => {
  await seed(server.dataDir, alice.id, [...Array(30).fill("general"), "support", "support"]);
  await page.goto("/agents");
  await expect(sidebar(page).getByRole("button", { name: "General 30" })).toBeVisible();
  await expect(conversationLink(page, /^Talk/)).toHaveCount(10);

  await sidebar(page).getByRole("button", { name: "Show more in General" }).click();
  await expect(conversationLink(page, "Talk 15")).toBeAttached();

  await sidebar(page).getByRole("button", { name: "General 30" }).click();
  await expect(conversationLink(page, /^Talk/)).toHaveCount(2);
  await page.reload();
  await expect(sidebar(page).getByRole("button", { name: "General 30" })).toHaveAttribute("aria-expanded", "false");
  await expect(conversationLink(page, /^Talk/)).toHaveCount(2);
});

test("what happens on one device is seen on the other", async ({ page, browser, server, alice, model }) => {
  model.answers("price of apples", "Two euros.");
  const device = await browser.newContext({ baseURL: server.url });
  await signIn(device, server.url, alice);
  const other = await device.newPage();
  await other.goto("/agents");

  await beginConversation(page, "The price of apples", "Two euros.");
  await expect(conversationLink(other, "The price of apples")).toBeVisible();
  await choose(page, "The price of apples", "Rename");
  await page.keyboard.type("Fruit");
  await page.keyboard.press("Enter");
  await expect(conversationLink(other, "Fruit")).toBeVisible();
  await choose(page, "Fruit", "Delete");
  await expect(conversationLink(other, "Fruit")).toHaveCount(0);
  await device.close();
});

test("a title that does not fit is refused, and what was typed stays", async ({ page, server, alice }) => {
  await seed(server.dataDir, alice.id, ["general"]);
  await page.goto("/agents");
  await choose(page, "Talk 0", "Rename");
  const field = page.getByRole("textbox", { name: "New title of Talk 0" });
  await field.fill("x".repeat(201));
  await field.press("Enter");
  await expect(sidebar(page).getByRole("alert")).toContainText("200 characters at most");
  await expect(field).toHaveValue("x".repeat(201));

  await field.press("Escape");
  await expect(conversationLink(page, "Talk 0")).toBeFocused();
});

test("a namespace of one's own", async ({ page }) => {
  await page.goto("/agents");
  await sidebar(page).getByRole("button", { name: "New namespace" }).click();
  const dialog = page.getByRole("dialog", { name: "New namespace" });
  await dialog.getByRole("textbox", { name: "Name" }).fill("support");
  await dialog.getByRole("button", { name: "Create namespace" }).click();
  await expect(dialog.getByRole("alert")).toContainText("already");

  await dialog.getByRole("textbox", { name: "Name" }).fill("Journeys");
  await dialog.getByRole("combobox", { name: "Who answers at first" }).selectOption("Travel");
  await dialog.getByRole("button", { name: "Create namespace" }).click();
  await expect(sidebar(page).getByRole("button", { name: "Journeys 0" })).toBeVisible();

  await sidebar(page).getByRole("button", { name: "Journeys 0" }).hover();
  await sidebar(page).getByRole("button", { name: "Journeys: options" }).click();
  await page.getByRole("menuitem", { name: "New conversation here" }).click();
  await expect(page.getByRole("combobox", { name: "Namespace" })).toHaveValue("journeys");
  await expect(page.getByRole("button", { name: "Agent: Travel" })).toBeVisible();
});

test("on a narrow window the sidebar is a drawer", async ({ page, server, alice }) => {
  await seed(server.dataDir, alice.id, ["general"]);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/agents");
  await expect(sidebar(page)).toBeHidden();

  await page.getByRole("button", { name: "Open sidebar" }).click();
  await expect(conversationLink(page, "Talk 0")).toBeVisible();
  await expect(page.getByRole("button", { name: "New conversation" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(sidebar(page)).toBeHidden();
  await expect(page.getByRole("button", { name: "Open sidebar" })).toBeFocused();
});

test("keys lead to search and to a new conversation from everywhere", async ({ page }) => {
  await page.goto("/agents");
  await expect(page.getByRole("button", { name: "New conversation" })).toBeEnabled();
  await expect(async () => {
    await page.keyboard.press("Control+k");
    await expect(page.getByRole("searchbox", { name: "Search", exact: true })).toBeFocused({ timeout: 500 });
  }).toPass();
  await page.keyboard.press("Control+Shift+O");
  await expect(page).toHaveURL("/");
});
