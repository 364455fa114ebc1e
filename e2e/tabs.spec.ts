import type { BrowserContext, Page } from "@playwright/test";
import { dice } from "./dice.ts";
import { cookieOf, createPerson, type Person, signIn } from "./people.ts";
import { articles, ask, conversationLink, said, sidebar, stopButton } from "./screen.ts";
import type { Server } from "./server.ts";
import { endOf, expect, middleOf, test, wordsOfStory } from "./storyteller.ts";
import { isAnswer, itemsOf, say, wordsOf } from "./turns.ts";
import { Visitor } from "./visitor.ts";

const visitorOf = async (server: Server, person: Person) => new Visitor(server.url, await cookieOf(person));

/** Opens a conversation in a tab of its own. */
async function open(context: BrowserContext, conversation: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`/c/${conversation}`);
  return page;
}

/** Makes a page believe that it is behind others, or in front again. */
const turn = (page: Page, visibility: "hidden" | "visible") =>
  page.evaluate((state) => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
    document.dispatchEvent(new Event("visibilitychange"));
  }, visibility);

test("ten tabs with a live answer each: all come whole, and an eleventh tab is as quick as ever", async ({
  page: eleventh,
  context,
  server,
  alice,
  teller,
}) => {
  test.setTimeout(120_000);
  const { seed, between } = dice();
  console.log(`SEED=${seed}`);
  const visitor = await visitorOf(server, alice);
  const stories = await Promise.all(
    Array.from({ length: 10 }, async (_, place) => {
      const name = `tab${place}`;
      return { name, ...(await say(visitor, `Tell ${name}`)) };
    }),
  );
  const tabs = await Promise.all(
    stories.map(async (story) => ({ ...story, page: await open(context, story.conversation) })),
  );
  for (const { name, page } of tabs) await expect(said(page, "Assistant")).toContainText(middleOf(name));

  // Ten answers are live, more than a browser has connections to one host.
  await eleventh.goto("/");
  await expect(sidebar(eleventh).getByText("An answer is being written")).toHaveCount(10);
  await ask(eleventh, "Say hello", "This is hello.");
  await expect(eleventh).toHaveURL(/\/c\//);
  await conversationLink(eleventh, "Tell tab3").click();
  await expect(said(eleventh, "Assistant")).toContainText(middleOf("tab3"));
  for (const { page } of tabs) await expect(stopButton(page)).toBeVisible();

  const [first, ...others] = tabs;
  await first?.page.close();
  teller.goOn(...stories.map(({ name }) => name));
  await Promise.all(
    others.map(async ({ name, page }) => {
      const words = wordsOfStory(name);
      await expect(said(page, "Assistant")).toContainText(words[Math.floor(between(20, 39))] ?? "");
      if (between(0, 2) < 1) await page.reload();
      await expect(said(page, "Assistant")).toContainText(endOf(name));
      await expect(stopButton(page)).toBeHidden();
    }),
  );

  const back = await open(context, first?.conversation ?? "");
  for (const { name, conversation, page } of [...others, { ...first, page: back }]) {
    const answer = (await itemsOf(visitor, conversation ?? "")).filter(isAnswer).map(wordsOf).join("").trim();
    expect(answer).toBe(wordsOfStory(name ?? "").join(" "));
    await expect(articles(page)).toHaveCount(2);
    await expect(
      said(page, "Assistant")
        .locator("p")
        .filter({ hasText: `${name}.0` }),
    ).toHaveText(answer);
  }
});

test("a tab behind others lets go of its answer, is told how it ends, and has all of it when it is shown", async ({
  page,
  context,
  server,
  alice,
  teller,
}) => {
  const { conversation } = await say(await visitorOf(server, alice), "Tell behind");
  await page.goto(`/c/${conversation}`);
  await expect(said(page, "Assistant")).toContainText(middleOf("behind"));
  const front = await open(context, conversation);
  await expect(said(front, "Assistant")).toContainText(middleOf("behind"));
  await turn(page, "hidden");

  teller.goOn("behind");
  await expect(said(front, "Assistant")).toContainText(endOf("behind"));
  await expect(sidebar(page).getByText("An answer is being written")).toHaveCount(0);
  await expect(said(page, "Assistant")).not.toContainText(endOf("behind"));

  await turn(page, "visible");
  await expect(said(page, "Assistant")).toContainText(endOf("behind"));
  await expect(stopButton(page)).toBeHidden();
});

test("every tab says which conversations are running, wait for the person, have failed or are unread", async ({
  page,
  context,
  server,
  alice,
  teller,
}) => {
  const visitor = await visitorOf(server, alice);
  await page.goto("/agents");
  const other = await context.newPage();
  await other.goto("/settings");
  const tabs = [page, other];
  const row = (tab: Page, title: string) => sidebar(tab).getByRole("listitem").filter({ hasText: title });

  await say(visitor, "Tell running");
  await say(visitor, "Refund it", { agent: "billing" });
  await say(visitor, "Fail please");
  await say(visitor, "Say something");
  for (const tab of tabs) {
    await expect(row(tab, "Tell running")).toContainText("An answer is being written");
    await expect(row(tab, "Refund it")).toContainText("Waiting for you");
    await expect(row(tab, "Fail please")).toContainText("failed");
    await expect(row(tab, "Say something")).toContainText("Unread");
  }

  teller.goOn("running");
  for (const tab of tabs) await expect(row(tab, "Tell running")).toContainText("Unread");
  await conversationLink(page, "Say something").click();
  await expect(said(page, "Assistant")).toContainText("This is something.");
  await expect(row(other, "Say something")).not.toContainText("Unread");
});

test("what happens while a page is on its way is there when it has come", async ({ page, server, alice }) => {
  const visitor = await visitorOf(server, alice);
  const apples = await say(visitor, "Say apples");
  await page.goto("/agents");
  // Until the tab hears what happens.
  await expect(async () => {
    await say(visitor, "Say hello to me");
    await expect(conversationLink(page, "Say hello to me").first()).toBeVisible({ timeout: 1_000 });
  }).toPass();

  let letCome = () => {};
  const held = new Promise<void>((resolve) => (letCome = resolve));
  const made = new Promise<void>((resolve) =>
    page.route(`**/c/${apples.conversation}?*`, async (route) => {
      const response = await route.fetch();
      resolve();
      await held;
      await route.fulfill({ response });
    }),
  );
  await conversationLink(page, "Say apples").click();
  await made;
  const pears = await say(visitor, "Say pears", apples);
  await visitor.ask(`/api/runs/${pears.run}/events`);
  // Another device has shown it.
  expect(await visitor.call("markConversationRead", { id: apples.conversation })).toMatchObject({
    outcome: { ok: true },
  });
  // Its news have come when later ones have.
  await say(visitor, "Say plums");
  await expect(conversationLink(page, "Say plums")).toBeVisible();
  letCome();
  await expect(said(page, "Assistant").last()).toContainText("This is pears.");
});

test("news of a conversation that has just begun does not make the browser load its page anew", async ({
  page,
  server,
  alice,
}) => {
  let letCome = () => {};
  const held = new Promise<void>((resolve) => (letCome = resolve));
  await page.route(/\/c\/[\w-]+\?.*_rsc/, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto("/");
  await ask(page, "Say apples", "This is apples.");
  await expect(page).toHaveURL(/\/c\//);
  const search = page.getByRole("searchbox", { name: "Search", exact: true });
  await search.fill("plums");
  const conversation = new URL(page.url()).pathname.split("/").at(-1);
  const visitor = await visitorOf(server, alice);
  await say(visitor, "Say pears", { conversation });
  // Until the tab has heard of it.
  await expect(async () => {
    await say(visitor, "Say plums");
    await expect(sidebar(page).getByRole("link", { name: "Say plums" }).first()).toBeVisible({ timeout: 1_000 });
  }).toPass();
  letCome();
  await expect(said(page, "Assistant").last()).toContainText("This is pears.");
  await expect(search).toHaveValue("plums");
});

test("what is one person's does not come into the tab of another who signs in beside it", async ({
  page,
  context,
  server,
  alice,
}) => {
  await page.goto("/agents");
  const hers = await visitorOf(server, alice);
  // Until her tab hears what happens.
  await expect(async () => {
    await say(hers, "Say hello to me");
    await expect(conversationLink(page, "Say hello to me").first()).toBeVisible({ timeout: 1_000 });
  }).toPass();
  const bob = await createPerson(server.dataDir, "Bob");
  await signIn(context, server.url, bob);
  const his = await context.newPage();
  await his.goto("/agents");
  await say(await visitorOf(server, bob), "Say hello to Bob");
  await expect(conversationLink(his, "Say hello to Bob")).toBeVisible();
  await say(hers, "Say hello to Alice");
  await expect(conversationLink(page, "Say hello to Alice")).toBeVisible();

  await expect(conversationLink(page, "Say hello to Bob")).toHaveCount(0);
  await expect(conversationLink(his, "Say hello to Alice")).toHaveCount(0);
});

test("a browser whose tabs cannot share reads in each tab that is in view", async ({
  page,
  context,
  server,
  alice,
  teller,
}) => {
  await context.addInitScript(() => Reflect.deleteProperty(window, "SharedWorker"));
  const { conversation } = await say(await visitorOf(server, alice), "Tell alone");
  await page.goto("/agents");
  const tab = await open(context, conversation);
  await expect(said(tab, "Assistant")).toContainText(middleOf("alone"));
  await expect(sidebar(page).getByText("An answer is being written")).toBeAttached();

  teller.goOn("alone");
  await expect(said(tab, "Assistant")).toContainText(endOf("alone"));
  await expect(sidebar(page).getByText("An answer is being written")).toHaveCount(0);
});
