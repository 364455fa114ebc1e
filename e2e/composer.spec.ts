import { expect, test } from "./fixtures.ts";
import { alert, ask, beginConversation, composer, conversationLink, goOffline, said, send, sidebar } from "./screen.ts";

test("each conversation keeps its own draft, over a reload too", async ({ page, model }) => {
  model.answers("apples", "Two euros.");
  model.answers("pears", "Three euros.");
  await beginConversation(page, "About apples", "Two euros.");
  await composer(page).fill("a draft about apples");
  await sidebar(page).getByRole("button", { name: "New conversation" }).click();
  await expect(composer(page)).toHaveValue("");
  await composer(page).fill("About pears");
  await composer(page).press("Enter");
  await expect(said(page, "Assistant")).toContainText("Three euros.");

  await conversationLink(page, /apples/).click();
  await expect(composer(page)).toHaveValue("a draft about apples");
  await page.reload();
  await expect(composer(page)).toHaveValue("a draft about apples");
});

test("a new conversation begins anew while the last one's own page is still on its way", async ({ page, model }) => {
  model.answers("apples", "Two euros.");
  const held: (() => void)[] = [];
  await page.route(/\/c\/[\w-]+\?.*_rsc/, async (route) => {
    await new Promise<void>((goOn) => held.push(goOn));
    await route.continue();
  });
  const apples = await beginConversation(page, "About apples", "Two euros.");
  await composer(page).fill("a draft about apples");
  await sidebar(page).getByRole("button", { name: "New conversation" }).click();
  await expect(composer(page)).toHaveValue("");
  await expect(said(page, "Assistant")).toHaveCount(0);
  for (const goOn of held) goOn();

  await page.goto(apples);
  await expect(composer(page)).toHaveValue("a draft about apples");
});

test("a new conversation begins anew while the first message of the last one is on its way", async ({
  page,
  model,
}) => {
  model.answers("apples", "Two euros.");
  model.answers("pears", "Three euros.");
  const held: (() => void)[] = [];
  await page.route("/", async (route) => {
    if (route.request().postData()?.includes("apples")) await new Promise<void>((goOn) => held.push(goOn));
    await route.continue();
  });
  await page.goto("/");
  await send(page, "About apples");
  await expect(said(page, "You")).toContainText("apples");
  await sidebar(page).getByRole("button", { name: "New conversation" }).click();
  await expect(said(page, "You")).toHaveCount(0);
  await composer(page).fill("About pears");
  await expect(page.getByRole("button", { name: "Send", exact: true })).toBeDisabled();
  for (const goOn of held) goOn();

  await expect(conversationLink(page, /apples/)).toBeVisible();
  await expect(composer(page)).toHaveValue("About pears");
  await expect(page).toHaveURL("/");
  await ask(page, "About pears", "Three euros.");
  await conversationLink(page, /apples/).click();
  await expect(said(page, "Assistant")).toContainText("Two euros.");
});

test("a new conversation becomes an old one where it stands: no press, no letter and no keyboard is lost", async ({
  page,
  model,
}) => {
  model.answers("apples", "Two euros.");
  let letCome = () => {};
  const held = new Promise<void>((resolve) => (letCome = resolve));
  await page.route(/\/c\/[\w-]+\?.*_rsc/, async (route) => {
    await held;
    await route.continue();
  });
  await beginConversation(page, "About apples", "Two euros.");
  await composer(page).fill("a pear");
  await composer(page).press("Home");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.getByRole("button", { name: "Agent: Assistant" }).hover();
  await page.mouse.down();
  await page.evaluate(() => {
    const look = () => document.title || document.body.setAttribute("data-untitled", "");
    new MutationObserver(look).observe(document.head, { childList: true, subtree: true });
  });
  letCome();
  await expect(page.getByRole("button", { name: "More about this conversation" })).toBeVisible();
  await page.mouse.up();
  await expect(page.getByRole("listbox", { name: "Agents" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(composer(page)).toBeFocused();
  await page.keyboard.type("ripe ");
  await expect(composer(page)).toHaveValue("a ripe pear");
  await expect(page.locator("body")).not.toHaveAttribute("data-untitled");
});

test("Enter sends, Shift+Enter breaks the line", async ({ page, model }) => {
  model.answers("second line", "Both lines.");
  await page.goto("/");
  await composer(page).pressSequentially("first line");
  await composer(page).press("Shift+Enter");
  await composer(page).pressSequentially("second line");
  await expect(composer(page)).toHaveValue("first line\nsecond line");
  await composer(page).press("Enter");

  await expect(said(page, "Assistant")).toContainText("Both lines.");
  await expect(composer(page)).toHaveValue("");
});

test("arrow-up in an empty composer leads to the last message", async ({ page, model }) => {
  model.answers("first", "One.");
  await beginConversation(page, "The first", "One.");
  await composer(page).press("ArrowUp");

  await expect(page.getByRole("textbox", { name: "Edit message" })).toHaveValue("The first");
  await page.getByRole("textbox", { name: "Edit message" }).press("Escape");
  await expect(page.getByRole("textbox", { name: "Edit message" })).toBeHidden();
});

test("a message that could not be sent is still there", async ({ page, context }) => {
  await page.goto("/");
  await composer(page).fill("Do not lose me");
  await goOffline(page, context);
  await composer(page).press("Enter");

  await expect(alert(page)).toContainText("cannot be reached");
  await expect(composer(page)).toHaveValue("Do not lose me");
});

test("a conversation begins in the namespace that was chosen", async ({ page, model }) => {
  model.answers("travel plans", "Where to?");
  await page.goto("/");
  await page.getByRole("combobox", { name: "Namespace" }).selectOption("Project");
  await composer(page).fill("My travel plans");
  await composer(page).press("Enter");

  await expect(said(page, "Technical")).toContainText("Where to?");
});
