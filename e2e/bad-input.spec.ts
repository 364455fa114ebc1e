import { join } from "node:path";
import { createClient } from "@libsql/client";
import { expect, test } from "./fixtures.ts";
import { alert, articles, ask, beginConversation, composer, remove, said, send } from "./screen.ts";

test("an empty message is not sent", async ({ page, model }) => {
  await page.goto("/");
  await composer(page).fill("   \n ");
  await composer(page).press("Enter");

  await expect(page).toHaveURL(/\/$/);
  await expect(articles(page)).toHaveCount(0);
  expect(model.asked).toBe(0);
});

test("a message of 200,000 characters is refused with a reason and kept", async ({ page, model }) => {
  await page.goto("/");
  await composer(page).fill("a".repeat(200_000));
  await composer(page).press("Enter");

  await expect(alert(page)).toContainText(/200,000 characters/);
  expect((await composer(page).inputValue()).length).toBe(200_000);
  expect(model.asked).toBe(0);
});

test("a message to a branch that has moved on is refused, kept, and can be sent again", async ({
  page,
  context,
  model,
}) => {
  model.answers("first", "One.");
  model.answers("second", "Two.");
  model.answers("third", "Three.");
  const address = await beginConversation(page, "The first", "One.");
  const stale = await context.newPage();
  // This tab does not hear of what the other one does, neither by itself nor through what tabs share.
  await stale.addInitScript(() => Reflect.deleteProperty(window, "SharedWorker"));
  await stale.route("**/api/inbox?*", (route) => route.abort());
  await stale.goto(address);
  await expect(said(stale, "Assistant")).toContainText("One.");
  await ask(page, "The second", "Two.");

  await send(stale, "The third");
  await expect(alert(stale)).toContainText(/moved on/);
  await expect(composer(stale)).toHaveValue("The third");

  await stale.reload();
  await expect(composer(stale)).toHaveValue("The third");
  await composer(stale).press("Enter");
  await expect(said(stale, "Assistant").last()).toContainText("Three.");
  await expect(articles(stale)).toHaveCount(6);
});

test("a conversation that was deleted in another tab says so and keeps what was typed", async ({
  page,
  context,
  model,
}) => {
  model.answers("price of apples", "Two euros.");
  const address = await beginConversation(page, "The price of apples", "Two euros.");
  const other = await context.newPage();
  await other.goto(address);
  await expect(said(other, "Assistant")).toContainText("Two euros.");
  await remove(page, "The price of apples");

  await send(other, "And the price of pears?");
  await expect(alert(other)).toContainText(/no such conversation/i);
  await expect(composer(other)).toHaveValue("And the price of pears?");
});

test("an address that does not exist says so and leads back", async ({ page }) => {
  const response = await page.goto("/c/01ARZ3NDEKTSV4RRFFQ69G5FAV");
  expect(response?.status()).toBe(404);
  await expect(page.getByRole("link").first()).toBeVisible();
});

test("a page that cannot be shown says so, and is tried again in its place", async ({ page, server, model }) => {
  model.answers("apples", "Two euros.");
  const address = await beginConversation(page, "The price of apples", "Two euros.");
  const database = createClient({ url: `file:${join(server.dataDir, "switchboard.db")}`, timeout: 5000 });
  const point = (from: string, to: string) =>
    database.execute({
      sql: "UPDATE sessions_branches SET segment = replace(segment, ?, ?) WHERE session = ?",
      args: [from, to, address.slice("/c/".length)],
    });
  // Points nowhere.
  await point("0", "!");
  await page.reload();
  await expect(page.getByRole("heading", { name: "This page could not be shown" })).toBeVisible();

  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { name: "This page could not be shown" })).toBeVisible();
  await point("!", "0");
  database.close();
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(said(page, "Assistant")).toContainText("Two euros.");
});

test("malformed requests are answered with a sentence, never with a stack", async ({ page, server }) => {
  await page.goto("/");
  const action = { "next-action": "0".repeat(42), "content-type": "text/plain;charset=UTF-8" };
  const requests = [
    page.request.post("/api/runs/x/stop", { headers: { "content-type": "application/json" }, data: "{not json" }),
    page.request.get("/api/export?conversation=x&format=docx"),
    page.request.get("/api/runs/x/events", { headers: { "last-event-id": "minus one" } }),
    page.request.post("/", { headers: action, data: '[{"operation":' }),
  ];
  for (const response of await Promise.all(requests)) {
    expect(response.status(), response.url()).toBeGreaterThanOrEqual(400);
    expect(response.status(), response.url()).toBeLessThan(500);
    expect(await response.text(), response.url()).not.toMatch(/\bat .*\.(js|ts):\d+/);
  }
  expect((await page.request.get(`${server.url}/api/health`)).status()).toBe(200);
});
