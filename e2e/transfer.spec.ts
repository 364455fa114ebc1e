import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Download, Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { beginConversation, choose, conversationLink, said } from "./screen.ts";

const fixtures = join(import.meta.dirname, "../lib/transfer/fixtures");

async function look(page: Page, file: string | { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
  await page.goto("/settings/data");
  await page.getByLabel("File to import").setInputFiles(file);
}

/** Chooses a file, looks at what is in it, and brings it in. */
async function bringIn(page: Page, name: string, count: number): Promise<void> {
  await look(page, join(fixtures, `${name}.json`));
  const many = count === 1 ? "1 conversation" : `${count} conversations`;
  await page.getByRole("button", { name: `Import ${many}`, exact: true }).click();
  await expect(page.getByRole("status").filter({ hasText: `${many} came in.` })).toBeVisible();
}

async function textOf(download: Download): Promise<string> {
  return readFileSync(await download.path(), "utf8");
}

async function download(page: Page, click: () => Promise<void>): Promise<Download> {
  const [begun] = await Promise.all([page.waitForEvent("download"), click()]);
  return begun;
}

const kinds = [
  { file: "chatgpt", count: 2, title: "A weekend in Lisbon", words: "Second version, with museums." },
  { file: "claude", count: 2, title: "Tiles and tea", words: "In two firings." },
  { file: "librechat-flat", count: 1, title: "Flat from LibreChat", words: "Something again." },
  { file: "librechat-recursive", count: 1, title: "Nested from LibreChat", words: "Second nested answer" },
  { file: "open-webui", count: 2, title: "An old file is the chat itself", words: "Old answer" },
  { file: "chatbot-ui", count: 1, title: "From chatbot-ui", words: "Short answer" },
  { file: "plain", count: 1, title: "A plain question", words: "A plain answer" },
  { file: "switchboard", count: 1, title: "Charged twice", words: "The refund is on its way." },
];

for (const { file, count, title, words } of kinds) {
  test(`a file of the kind ${file} comes in`, async ({ page }) => {
    await bringIn(page, file, count);
    await page.getByRole("main").getByRole("link", { name: title }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
    await expect(page.getByRole("log", { name: "Messages" })).toContainText(words);
    await expect(conversationLink(page, title)).toBeVisible();
  });
}

test("what is left out is named with the reason before anything comes in", async ({ page }) => {
  await look(page, join(fixtures, "chatgpt.json"));
  await expect(page.getByRole("status").filter({ hasText: "2 conversations can come in." })).toBeVisible();
  const main = page.getByRole("main");
  await expect(main).toContainText(
    "It is not a conversation of a known kind. It has the fields id, title, create_time.",
  );
  await expect(main).toContainText("It has no messages.");
  await expect(main).toContainText('Content of the unknown kind "hologram" came in as it is.');
  await page.getByRole("button", { name: "Discard" }).click();
  await expect(page.getByText("chatgpt.json")).toHaveCount(0);
  await page.reload();
  await expect(conversationLink(page, "A weekend in Lisbon")).toHaveCount(0);
});

test("the same file again adds nothing", async ({ page }) => {
  await bringIn(page, "claude", 2);
  await look(page, join(fixtures, "claude.json"));
  const alert = page.getByRole("alert").filter({ hasText: "There is nothing to import in this file." });
  await expect(alert).toContainText("2 conversations are here already.");
});

test("a file that holds nothing to import is no success", async ({ page }) => {
  await look(page, { name: "holiday.jpg", mimeType: "image/jpeg", buffer: Buffer.from("not a picture either") });
  await expect(page.getByRole("alert").filter({ hasText: "There is nothing to import" })).toBeVisible();
  await expect(page.getByRole("main")).toContainText("It is not valid JSON.");
  await look(page, { name: "empty.json", mimeType: "application/json", buffer: Buffer.alloc(0) });
  await expect(page.getByRole("alert").filter({ hasText: "The file is empty." })).toBeVisible();
});

test("script in an imported text stays text", async ({ page }) => {
  const dialogs: string[] = [];
  page.on("dialog", (dialog) => dialogs.push(dialog.message()));
  await bringIn(page, "chatgpt", 2);
  await page.getByRole("main").getByRole("link", { name: "A weekend in Lisbon" }).click();
  await expect(said(page, "You").first()).toContainText("<script>alert('u')</script>");
  expect(dialogs).toEqual([]);
});

test("a conversation leaves as JSON and comes in again in another account", async ({ page, model, another }) => {
  model.answers("price of apples", "Two euros.");
  await beginConversation(page, "The price of apples", "Two euros.");
  const id = page.url().split("/c/")[1];
  const file = await download(page, () =>
    page.evaluate((address) => location.assign(address), `/api/export?conversation=${id}&format=json`),
  );
  expect(file.suggestedFilename()).toMatch(/\.json$/);
  const document = JSON.parse(await textOf(file));
  expect(document).toMatchObject({ format: "switchboard.conversation", version: 1, conversation_id: id });

  const { page: elsewhere } = await another("Bob");
  await look(elsewhere, {
    name: "export.json",
    mimeType: "application/json",
    buffer: Buffer.from(JSON.stringify(document)),
  });
  await elsewhere.getByRole("button", { name: "Import 1 conversation", exact: true }).click();
  await elsewhere.getByRole("main").getByRole("link", { name: document.title }).click();
  await expect(said(elsewhere, "Assistant")).toContainText("Two euros.");
});

test("a conversation leaves as Markdown and as HTML that prints", async ({ page, model, context }) => {
  model.answers("price of apples", "Two **euros**.");
  await beginConversation(page, "The price of apples", "Two euros.");
  const id = page.url().split("/c/")[1];
  const markdown = await context.request.get(`/api/export?conversation=${id}&format=markdown`);
  expect(markdown.headers()["content-disposition"]).toMatch(/^attachment; filename=".+\.md"; filename\*=UTF-8''/);
  expect(await markdown.text()).toContain("Two **euros**.");

  const html = await (await context.request.get(`/api/export?conversation=${id}&format=html`)).text();
  await page.setContent(html);
  await expect(page.getByRole("article").filter({ hasText: "Assistant" })).toContainText("Two euros.");
  await page.emulateMedia({ media: "print" });
  await expect(page.getByRole("article").filter({ hasText: "You" })).toContainText("The price of apples");
});

test("everything leaves as one ZIP, which comes in again", async ({ page, another }) => {
  await bringIn(page, "claude", 2);
  await bringIn(page, "switchboard", 1);
  await page.goto("/settings/data");
  const file = await download(page, () => page.getByRole("link", { name: "Download" }).click());
  expect(file.suggestedFilename()).toMatch(/^switchboard-everything-\d{4}-\d\d-\d\d\.zip$/);
  await expect(page.getByRole("status").filter({ hasText: "is complete: 3 conversations" })).toBeVisible();

  const { page: elsewhere } = await another("Bob");
  await look(elsewhere, { name: "all.zip", mimeType: "application/zip", buffer: readFileSync(await file.path()) });
  await elsewhere.getByRole("button", { name: "Import 3 conversations" }).click();
  await expect(elsewhere.getByRole("status").filter({ hasText: "3 conversations came in." })).toBeVisible();
  await expect(conversationLink(elsewhere, "Charged twice")).toBeVisible();
});

test("a conversation is exported from the sidebar and from the thread, in each format", async ({ page, model }) => {
  model.answers("price of apples", "Two euros.");
  model.answers("price of pears", "Three euros.");
  await beginConversation(page, "The price of apples", "Two euros.");
  const inSidebar = async (format: string) => {
    await choose(page, "The price of apples", "Export");
    return download(page, () => page.getByRole("menuitem", { name: format }).click());
  };
  const inThread = async (format: string) => {
    await page.getByRole("button", { name: "More about this conversation" }).click();
    return download(page, () => page.getByRole("menuitem", { name: format }).click());
  };
  expect(JSON.parse(await textOf(await inSidebar("JSON")))).toMatchObject({ format: "switchboard.conversation" });
  expect((await inSidebar("HTML")).suggestedFilename()).toBe("The price of apples.html");

  await said(page, "You").hover();
  await said(page, "You").getByRole("button", { name: "Edit", exact: true }).click();
  await page.getByRole("textbox", { name: "Edit message" }).fill("The price of pears");
  await said(page, "You").getByRole("button", { name: "Send", exact: true }).click();
  await expect(said(page, "Assistant")).toContainText("Three euros.");
  expect(await textOf(await inSidebar("Markdown"))).toContain("Three euros.");
  await page.getByRole("button", { name: "Previous version" }).click();
  await expect(said(page, "Assistant")).toContainText("Two euros.");
  await expect(page.getByRole("button", { name: "main · 2 branches" })).toBeVisible();
  await page.reload();
  const markdown = await textOf(await inThread("Markdown"));
  expect(markdown).toContain("Two euros.");
  expect(markdown).not.toContain("Three euros.");
});

test("how far an export is can be seen on the page, and it is stopped there", async ({ page, context }) => {
  const picture = `data:image/png;base64,${"iVBORw0KGgoAAAAA".repeat(65_536)}`;
  const messages = Array.from({ length: 24 }, () => ({
    role: "user",
    content: [{ type: "image_url", image_url: { url: picture } }],
  }));
  const large = Buffer.from(JSON.stringify([{ conversation_id: "pictures", title: "Pictures", messages }]));
  await look(page, { name: "large.json", mimeType: "application/json", buffer: large });
  await page.getByRole("button", { name: "Import 1 conversation", exact: true }).click();
  await expect(page.getByRole("status").filter({ hasText: "1 conversation came in." })).toBeVisible();

  // A tab that does not read what it asked for: the server waits for it.
  const slow = await context.newPage();
  await slow.goto("/settings");
  const held = await slow.evaluateHandle(() => fetch("/api/export?id=the-slow-one"));
  await page.goto("/settings/data");
  await expect(page.getByRole("progressbar", { name: /^Exporting to switchboard-everything/ })).toBeVisible();
  await expect(page.getByRole("main")).toContainText("0 of 1 conversation,");
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("status").filter({ hasText: "The export was stopped." })).toBeVisible();
  await expect(held.evaluate((response) => response.blob())).rejects.toThrow();
});
