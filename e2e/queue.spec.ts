import type { Browser, Page } from "@playwright/test";
import { type Person, signIn } from "./people.ts";
import { alert, articles, composer, conversationLink, said, send, stopButton } from "./screen.ts";
import type { Server } from "./server.ts";
import { endOf, expect, middleOf, test } from "./storyteller.ts";

const waiting = (page: Page) => page.getByRole("list", { name: "Waiting messages" }).getByRole("listitem");
const editor = (page: Page) => page.getByRole("textbox", { name: "Edit message" });
const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();

/** Begins a story that is told to its half, and answers the address of its conversation. */
async function beginStory(page: Page, name: string): Promise<string> {
  await page.goto("/");
  await send(page, `Tell ${name}`);
  await expect(said(page, "Assistant")).toContainText(middleOf(name));
  await expect(page).toHaveURL(/\/c\/[\w-]+/);
  return new URL(page.url()).pathname;
}

async function queue(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await press(page, "Queue");
  await expect(waiting(page).last()).toContainText(text);
}

async function editWaiting(page: Page, message: string, text: string): Promise<void> {
  await waiting(page).filter({ hasText: message }).getByRole("button", { name: "Edit" }).click();
  await editor(page).fill(text);
}

/** What the person's messages and the answers to them are, from the first to the last. */
const whole = async (page: Page, ...texts: (string | RegExp)[]) => {
  await expect(stopButton(page)).toBeHidden();
  await expect(waiting(page)).toHaveCount(0);
  await expect(articles(page)).toContainText(texts);
};

test("what is sent during an answer waits, is changed and taken back in every tab, and is answered in order", async ({
  page,
  context,
  teller,
}) => {
  const address = await beginStory(page, "queue");
  const other = await context.newPage();
  await other.goto(address);
  await queue(page, "Say one");
  await queue(page, "Say two");
  await queue(page, "Say three");
  for (const tab of [page, other]) await expect(waiting(tab)).toContainText(["Say one", "Say two", "Say three"]);

  await editWaiting(other, "Say two", "Say second");
  await press(other, "Save");
  await expect(editor(other)).toHaveCount(0);
  for (const tab of [page, other]) await expect(waiting(tab)).toContainText(["Say one", "Say second", "Say three"]);
  await waiting(page).filter({ hasText: "Say three" }).getByRole("button", { name: "Take back" }).click();
  await expect(waiting(other)).toHaveCount(2);
  await expect(composer(page)).toHaveValue("Say three");

  teller.goOn("queue");
  for (const tab of [page, other]) {
    await whole(tab, "Tell queue", endOf("queue"), "Say one", "This is one.", "Say second", "This is second.");
  }
});

test("two tabs that change the same waiting message: the second is told what stands there now", async ({
  page,
  context,
  teller,
}) => {
  const address = await beginStory(page, "both");
  await queue(page, "Say apples");
  const other = await context.newPage();
  await other.goto(address);
  await editWaiting(page, "Say apples", "Say pears");
  await editWaiting(other, "Say apples", "Say plums");
  await press(page, "Save");
  await expect(waiting(page)).toContainText("Say pears");

  await press(other, "Save");
  await expect(alert(other)).toContainText("changed in another tab");
  await expect(waiting(other)).toContainText("It reads now: Say pears");
  await expect(editor(other)).toHaveValue("Say plums");
  await press(other, "Save");
  await expect(waiting(page)).toContainText("Say plums");

  teller.goOn("both");
  await whole(page, "Tell both", endOf("both"), "Say plums", "This is plums.");
});

test("a message that begins while it is changed goes as it was, and the new words stay in the box", async ({
  page,
  teller,
}) => {
  await beginStory(page, "late");
  await queue(page, "Say early");
  await editWaiting(page, "Say early", "Say better");

  teller.goOn("late");
  await expect(alert(page)).toContainText("was sent or taken back before you saved");
  await expect(composer(page)).toHaveValue("Say better");
  await whole(page, "Tell late", endOf("late"), "Say early", "This is early.");
});

test("a change that is saved when the message has just begun is refused, and kept", async ({
  page,
  context,
  teller,
}) => {
  const address = await beginStory(page, "race");
  await queue(page, "Say early");
  await editWaiting(page, "Say early", "Say better");
  // The change is on its way while the message begins.
  let arrive = () => {};
  const other = await context.newPage();
  await other.goto(address);
  await page.route("**/c/*", async (route) => {
    if (route.request().postData()?.includes("Say better")) await new Promise<void>((resolve) => (arrive = resolve));
    await route.continue();
  });
  await press(page, "Save");
  teller.goOn("race");
  await expect(said(other, "You").last()).toContainText("Say early");
  arrive();

  await expect(alert(page)).toContainText("was sent or taken back before you saved");
  await expect(composer(page)).toHaveValue("Say better");
  await whole(page, "Tell race", endOf("race"), "Say early", "This is early.");
});

test("words on their way are not in the box again for who leaves and comes back", async ({ page, teller }) => {
  await beginStory(page, "leaving");
  let arrive = () => {};
  await page.route("**/c/*", async (route) => {
    if (route.request().postData()?.includes("Say early")) await new Promise<void>((resolve) => (arrive = resolve));
    await route.continue();
  });
  await composer(page).fill("Say early");
  await press(page, "Queue");
  await composer(page).fill("Say late");
  await press(page, "New conversation");
  await expect(said(page, "You")).toHaveCount(0);
  await conversationLink(page, /leaving/).click();
  await expect(said(page, "You")).toContainText("Tell leaving");
  await expect(composer(page)).toHaveValue("Say late");

  arrive();
  await expect(waiting(page)).toContainText("Say early");
  await expect(composer(page)).toHaveValue("Say late");
  await page.reload();
  await expect(composer(page)).toHaveValue("Say late");
  teller.goOn("leaving");
  await whole(page, "Tell leaving", endOf("leaving"), "Say early", "This is early.");
});

test("words that could not be sent are in the box again, before what was begun meanwhile", async ({ page, teller }) => {
  const address = await beginStory(page, "refused");
  let refuse = () => {};
  await page.route("**/c/*", async (route) => {
    if (!route.request().postData()?.includes("Say early")) return route.continue();
    await new Promise<void>((resolve) => (refuse = resolve));
    await route.abort();
  });
  await composer(page).fill("Say early");
  await press(page, "Queue");
  await composer(page).fill("Say late");
  // A reload while it is under way finds it, too.
  const other = await page.context().newPage();
  await other.goto(address);
  await expect(composer(other)).toHaveValue("Say early\n\nSay late");
  refuse();
  await expect(alert(page)).toContainText("cannot be reached");
  await expect(composer(page)).toHaveValue("Say early\n\nSay late");
  teller.goOn("refused");
  await whole(page, "Tell refused", endOf("refused"));
});

test("two tabs that send at the same moment: both messages are kept and answered, one after the other", async ({
  page,
  context,
  teller,
}) => {
  const address = await beginStory(page, "before");
  teller.goOn("before");
  await expect(stopButton(page)).toBeHidden();
  const other = await context.newPage();
  await other.goto(address);
  await composer(page).fill("Tell left");
  await composer(other).fill("Tell right");
  await Promise.all([composer(page).press("Enter"), composer(other).press("Enter")]);

  const told = (tab: Page) => tab.getByText("Your message waits for it.").count();
  await expect.poll(async () => (await told(page)) + (await told(other))).toBe(1);
  for (const tab of [page, other]) {
    await expect(waiting(tab)).toHaveCount(1);
    await expect(composer(tab)).toHaveValue("");
  }
  const [second = ""] = /left|right/.exec((await waiting(page).textContent()) ?? "") ?? [];
  const first = second === "left" ? "right" : "left";
  teller.goOn("left", "right");
  for (const tab of [page, other]) {
    await expect(articles(tab)).toHaveCount(6);
    await whole(
      tab,
      ...["Tell before", endOf("before")],
      ...[`Tell ${first}`, endOf(first), `Tell ${second}`, endOf(second)],
    );
  }
});

/** A small phone on which an answer has begun that is told no further yet. */
async function phoneWith(
  text: string,
  { browser, server, alice }: { browser: Browser; server: Server; alice: Person },
) {
  const phone = await browser.newContext({
    baseURL: server.url,
    viewport: { width: 390, height: 480 },
    hasTouch: true,
  });
  await signIn(phone, server.url, alice);
  const page = await phone.newPage();
  await page.goto("/?agent=triage");
  await send(page, text);
  await expect(said(page, "Triage")).toContainText("One moment.");
  await expect(page).toHaveURL(/\/c\/[\w-]+/);
  return page;
}

test("a message that waits is in sight although nothing else moves, on a phone", async ({
  browser,
  server,
  alice,
  teller,
}) => {
  const page = await phoneWith("Hand over still", { browser, server, alice });
  for (const word of ["one", "two", "three", "four"]) await queue(page, `Say ${word}`);
  await expect(waiting(page)).toHaveCount(4);
  await expect(waiting(page).last()).toBeInViewport({ ratio: 1 });
  teller.goOn("still");
  await page.context().close();
});

test("who reads the end sees the answer to what has waited, on a phone", async ({ browser, server, alice, teller }) => {
  const page = await phoneWith("Hand over below", { browser, server, alice });
  await queue(page, "Say one");
  await queue(page, "Say two");
  teller.goOn("below");
  await whole(page, "Hand over below", "It is mine now.", "Say one", "This is one.", "Say two", "This is two.");
  await expect(page.getByText("This is two.")).toBeInViewport();
  await expect(page.getByRole("button", { name: "Jump to the newest" })).toBeHidden();
  await page.context().close();
});

test("a message that waits is for whoever has taken over by then, unless somebody was chosen for it", async ({
  page,
  teller,
}) => {
  await page.goto("/?agent=triage");
  await send(page, "Hand over handed");
  await expect(said(page, "Triage")).toContainText("One moment.");
  await expect(page).toHaveURL(/\/c\/[\w-]+/);
  await queue(page, "Say one");
  await page.getByRole("button", { name: /^Agent: / }).click();
  await page.getByRole("option", { name: /^Technical/ }).click();
  await queue(page, "Say two");

  teller.goOn("handed");
  await whole(page, "Hand over handed", "It is mine now.", "Say one", "This is one.", "Say two", "This is two.");
  await expect(said(page, "Billing").last()).toContainText("This is one.");
  await expect(said(page, "Technical")).toContainText("This is two.");
});

test("a new version of a message is for the agent who was asked, not for who is on the line now", async ({ page }) => {
  await page.goto("/?agent=billing");
  await send(page, "Say one");
  await expect(said(page, "Billing")).toContainText("This is one.");
  await page.getByRole("button", { name: /^Agent: / }).click();
  await page.getByRole("option", { name: /^Technical/ }).click();
  await send(page, "Say two");
  await expect(said(page, "Technical")).toContainText("This is two.");
  await expect(stopButton(page)).toBeHidden();

  await said(page, "You").first().hover();
  await said(page, "You").first().getByRole("button", { name: "Edit" }).click();
  await editor(page).fill("Say three");
  await editor(page).press("Enter");
  await expect(said(page, "Billing")).toContainText("This is three.");
});
