import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { type Issuer, startIssuer } from "./issuer.ts";
import { alert, composer, send } from "./screen.ts";
import { type Server, startServer } from "./server.ts";

/** Signing in with another provider, from the button to the thread. */

const olivia = { sub: "1", name: "Olivia", email: "olivia@example.com", email_verified: true };

let issuer: Issuer;
let server: Server;

test.beforeEach(async () => {
  issuer = await startIssuer(olivia);
  server = await startServer({
    AUTH_OIDC_ISSUER: issuer.url,
    AUTH_OIDC_ID: "switchboard",
    AUTH_OIDC_SECRET: "a secret of both",
  });
});
test.afterEach(async () => {
  await server.stop();
  await issuer.stop();
});

async function continueWithProvider(page: Page, from = "/sign-in"): Promise<void> {
  await page.goto(server.url + from);
  await page.getByRole("button", { name: `Continue with ${new URL(issuer.url).host}` }).click();
}

async function account(context: BrowserContext) {
  const session = await context.request.get(`${server.url}/api/auth/session`);
  return (await session.json())?.user;
}

test("a guest becomes an account at another provider, keeps what was said, and is known the next time", async ({
  page,
  browser,
}) => {
  await page.goto(`${server.url}/sign-in`);
  await page.getByRole("button", { name: "Continue as guest" }).click();
  await send(page, "My name is Olivia.");
  await page.waitForURL(/\/c\//);
  const conversation = page.url();

  await continueWithProvider(page, `/sign-in?next=${new URL(conversation).pathname}`);
  await page.waitForURL(conversation);
  await expect(page.getByText("My name is Olivia.").first()).toBeVisible();
  const made = await account(page.context());
  expect(made).toMatchObject({ name: "Olivia", email: "olivia@example.com", role: "owner" });

  const elsewhere = await browser.newContext();
  const other = await elsewhere.newPage();
  await continueWithProvider(other);
  await expect(composer(other)).toBeVisible();
  expect(await account(elsewhere)).toEqual(made);
  await elsewhere.close();
});

test("who claims somebody's email without having verified it is refused in a sentence", async ({ page, browser }) => {
  await continueWithProvider(page);
  await expect(composer(page)).toBeVisible();

  issuer.person = { ...olivia, sub: "2", name: "Mallory", email_verified: false };
  const elsewhere = await browser.newContext();
  const other = await elsewhere.newPage();
  await continueWithProvider(other);
  await expect(alert(other)).toContainText("There is already an account with the email of that provider.");
  expect(await account(elsewhere)).toBeUndefined();
  await elsewhere.close();
});

test("it works without a script in the browser", async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await continueWithProvider(page, "/sign-up");
  await expect(page).toHaveURL(`${server.url}/`);
  expect(await account(context)).toMatchObject({ name: "Olivia" });
  await context.close();
});
