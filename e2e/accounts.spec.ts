import { expect, test } from "./fixtures.ts";
import { alert, beginConversation, composer, conversationLink, said } from "./screen.ts";

test("somebody signs up, signs out and signs in again", async ({ stranger }) => {
  await stranger.goto("/sign-up");
  await stranger.getByRole("textbox", { name: "Name" }).fill("Dora");
  await stranger.getByRole("textbox", { name: "Email" }).fill("dora@example.com");
  await stranger.getByRole("textbox", { name: "Password" }).fill("correct horse battery");
  await stranger.getByRole("button", { name: "Create account" }).click();
  await expect(composer(stranger)).toBeVisible();

  await stranger.context().clearCookies();
  await stranger.goto("/");
  await expect(stranger).toHaveURL(/\/sign-in/);
  await stranger.getByRole("textbox", { name: "Email" }).fill("dora@example.com");
  await stranger.getByRole("textbox", { name: "Password" }).fill("correct horse battery");
  await stranger.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(composer(stranger)).toBeVisible();
});

test("a wrong password is refused in one sentence that does not tell which part was wrong", async ({
  stranger,
  alice,
}) => {
  await stranger.goto("/sign-in");
  await stranger.getByRole("textbox", { name: "Email" }).fill(alice.email);
  await stranger.getByRole("textbox", { name: "Password" }).fill("not the password");
  await stranger.getByRole("button", { name: "Sign in", exact: true }).click();

  await expect(alert(stranger)).toContainText("The email or the password is wrong");
  await expect(stranger.getByRole("textbox", { name: "Email" })).toHaveValue(alice.email);
});

test("what a guest has said moves into the account that they make", async ({ stranger, model }) => {
  model.answers("guest question", "An answer for a guest.");
  await stranger.goto("/sign-in");
  await stranger.getByRole("button", { name: "Continue as guest" }).click();
  await expect(composer(stranger)).toBeVisible();
  const address = await beginConversation(stranger, "A guest question", "An answer for a guest.");

  await stranger.goto("/sign-up");
  await stranger.getByRole("textbox", { name: "Name" }).fill("Greta");
  await stranger.getByRole("textbox", { name: "Email" }).fill("greta@example.com");
  await stranger.getByRole("textbox", { name: "Password" }).fill("correct horse battery");
  await stranger.getByRole("button", { name: "Create account" }).click();
  await expect(composer(stranger)).toBeVisible();

  await expect(conversationLink(stranger, /guest question/i)).toBeVisible();
  await stranger.goto(address);
  await expect(said(stranger, "Assistant")).toContainText("An answer for a guest.");
});

test("every page but the ways in leads a stranger to the sign-in", async ({ stranger }) => {
  for (const path of ["/", "/c/any", "/agents", "/search?q=a", "/settings"]) {
    await stranger.goto(path);
    await expect(stranger).toHaveURL(/\/sign-in/);
  }
});
