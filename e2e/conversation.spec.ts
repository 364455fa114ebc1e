import { expect, test } from "./fixtures.ts";
import { articles, ask, beginConversation, chooseAgent, said, send, thread } from "./screen.ts";

test("an agent remembers what was said in the turn before", async ({ page, model }) => {
  model.answers("My name is Alice", "Nice to meet you.");
  model.answersFrom("What is my name", (said) => (said.includes("My name is Alice") ? "Alice it is." : "No idea."));

  await beginConversation(page, "My name is Alice", "Nice to meet you.");
  await ask(page, "What is my name?", "Alice it is.");

  await expect(articles(page)).toHaveCount(4);
});

test("a conversation is there again after a reload, in its order", async ({ page, model }) => {
  model.answers("first question", "The first answer.");
  model.answers("second question", "The second answer.");
  await beginConversation(page, "A first question", "The first answer.");
  await ask(page, "A second question", "The second answer.");

  await page.reload();

  await expect(articles(page)).toContainText([
    "A first question",
    "The first answer.",
    "A second question",
    "The second answer.",
  ]);
});

test("another agent takes over in the same thread and knows what was said", async ({ page, model }) => {
  model.answers("order 1043", "Noted.");
  model.answersFrom("Which order", (said) => (said.includes("order 1043") ? "Order 1043." : "Which one?"));
  await beginConversation(page, "It is about order 1043", "Noted.");

  await chooseAgent(page, "Billing");
  await ask(page, "Which order was it?", "Order 1043.", "Billing");

  await expect(thread(page).getByRole("note")).toContainText("Switched to Billing");
  await page.reload();
  await expect(said(page, "Assistant")).toContainText("Noted.");
  await expect(said(page, "Billing")).toContainText("Order 1043.");
  await expect(thread(page).getByRole("note")).toContainText("Switched to Billing");
});

test("a hand-off is shown, stays in force and survives a reload", async ({ page, model }) => {
  model.handsOver("charged twice", "Billing", "I see both charges.");
  model.answers("refund the second", "Done.");
  await page.goto("/");
  await chooseAgent(page, "Triage");

  await ask(page, "I was charged twice", "I see both charges.", "Billing");
  await expect(thread(page).getByRole("note")).toContainText("Triage handed over to Billing");
  await expect(page.getByRole("button", { name: "Agent: Billing" })).toBeVisible();

  await page.reload();
  await expect(thread(page).getByRole("note")).toContainText("Triage handed over to Billing");
  await ask(page, "Please refund the second one", "Done.", "Billing");
});

test("a tool call is shown as a step of the answer", async ({ page, model }) => {
  model.calls("18 percent", "calculate", { expression: "2450 * 0.18" }, "That is 441.");
  await page.goto("/");

  await ask(page, "What is 18 percent of 2450?", "That is 441.");

  const step = thread(page).getByRole("group", { name: "Tool: calculate" });
  await expect(step).toBeVisible();
  await page.reload();
  await expect(step).toBeVisible();
});

test("an earlier message can be edited without losing the first version", async ({ page, model }) => {
  model.answers("capital of France", "Paris.");
  model.answers("capital of Italy", "Rome.");
  await beginConversation(page, "The capital of France?", "Paris.");

  await said(page, "You").hover();
  await said(page, "You").getByRole("button", { name: "Edit", exact: true }).click();
  await page.getByRole("textbox", { name: "Edit message" }).fill("The capital of Italy?");
  await said(page, "You").getByRole("button", { name: "Send", exact: true }).click();
  await expect(said(page, "Assistant")).toContainText("Rome.");
  await expect(said(page, "You")).toContainText("2 / 2");

  await said(page, "You").getByRole("button", { name: "Previous version" }).click();
  await expect(said(page, "Assistant")).toContainText("Paris.");
  await page.reload();
  await expect(said(page, "Assistant")).toContainText("Paris.");
});

test("an answer can be tried again and both versions stay", async ({ page, model }) => {
  let tries = 0;
  model.answersFrom("a number", () => `Number ${++tries}.`);
  await beginConversation(page, "Say a number", "Number 1.");

  await said(page, "Assistant").hover();
  await said(page, "Assistant").getByRole("button", { name: "Try again", exact: true }).click();

  await expect(said(page, "Assistant")).toContainText("Number 2.");
  await expect(said(page, "Assistant")).toContainText("2 / 2");
  await said(page, "Assistant").getByRole("button", { name: "Previous version" }).click();
  await expect(said(page, "Assistant")).toContainText("Number 1.");
});

test("Markdown is drawn, and neither raw HTML nor a foreign image gets through", async ({ page, model }) => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  model.answers(
    "show me everything",
    "# A heading\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```js\nconst answer = 42;\n```\n\n<b id=raw>raw</b> ![x](https://images.example/x.png)",
  );
  await page.goto("/");
  await send(page, "Please show me everything");

  const answer = said(page, "Assistant");
  await expect(answer.getByRole("heading", { name: "A heading" })).toBeVisible();
  await expect(answer.getByRole("table")).toBeVisible();
  await expect(answer.locator("code")).toContainText("const answer = 42;");
  await expect(answer.locator("#raw")).toHaveCount(0);
  expect(asked.filter((url) => url.includes("images.example"))).toEqual([]);
});
