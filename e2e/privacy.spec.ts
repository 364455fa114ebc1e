import { expect, test } from "./fixtures.ts";
import { beginConversation, composer, sidebar } from "./screen.ts";

test("two people do not see each other's conversations", async ({ page, another, model }) => {
  model.answers("secret of Alice", "Kept.");
  model.answers("thoughts of Bob", "Heard.");
  const address = await beginConversation(page, "The secret of Alice", "Kept.");
  const { page: bob } = await another("Bob");
  await beginConversation(bob, "The thoughts of Bob", "Heard.");

  await expect(sidebar(bob).getByRole("link", { name: /Alice/ })).toHaveCount(0);
  const response = await bob.goto(address);
  expect(response?.status()).toBe(404);
  await expect(bob.getByText("The secret of Alice")).toHaveCount(0);

  await bob.goto("/search?q=secret");
  await expect(bob.getByRole("main").getByRole("link", { name: /Alice/ })).toHaveCount(0);
  await page.goto("/");
  await expect(sidebar(page).getByRole("link", { name: /Bob/ })).toHaveCount(0);
});

test("another person's run and export answer as if they did not exist", async ({ page, another, model }) => {
  model.answers("secret of Alice", "Kept.");
  const events = page.waitForRequest(/\/api\/runs\/[^/]+\/events/);
  const address = await beginConversation(page, "The secret of Alice", "Kept.");
  const stream = new URL((await events).url()).pathname;
  const { page: bob } = await another("Bob");
  const conversation = address.replace("/c/", "");
  const exported = `/api/export?conversation=${conversation}&format=json`;

  for (const path of [stream, exported]) {
    expect((await page.request.get(path)).status(), `Alice: ${path}`).toBe(200);
    expect((await bob.request.get(path)).status(), `Bob: ${path}`).toBe(404);
  }
  expect((await bob.request.post(stream.replace("/events", "/stop"))).status()).toBe(404);
});

test("nobody without a session gets at an address of the interface for programs", async ({ stranger }) => {
  for (const path of ["/api/runs/any/events", "/api/export?conversation=any&format=json"]) {
    expect((await stranger.request.get(path)).status(), path).toBe(401);
  }
  expect((await stranger.request.post("/api/runs/any/stop")).status()).toBe(401);
});

test("the composer of a new person is theirs alone", async ({ page, another }) => {
  await page.goto("/");
  await composer(page).fill("Something private");
  const { page: bob } = await another("Bob");
  await bob.goto("/");
  await expect(composer(bob)).toHaveValue("");
});
