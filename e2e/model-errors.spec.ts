import { expect, test } from "./fixtures.ts";
import { alert, articles, said, send, stopButton, thread } from "./screen.ts";

const failures = [
  { what: "a wrong key", status: 401, says: /did not accept the API key/ },
  { what: "an unknown model", status: 404, says: /has no model called/ },
  { what: "a rate limit", status: 429, says: /is limiting requests/ },
  { what: "a broken server", status: 500, says: /failed to answer/ },
];

for (const { what, status, says } of failures) {
  test(`${what} is said in one sentence, keeps the message and can be tried again`, async ({ page, model }) => {
    model.fails("question for you", status, "refused");
    await page.goto("/");
    await send(page, "A question for you");

    await expect(alert(page)).toContainText(says);
    await expect(said(page, "You")).toContainText("A question for you");
    await page.reload();
    await expect(alert(page)).toContainText(says);

    model.clear();
    model.answers("question for you", "Now it works.");
    await thread(page).getByRole("button", { name: "Try again", exact: true }).last().click();
    await expect(said(page, "Assistant").last()).toContainText("Now it works.");
    await expect(said(page, "You")).toHaveCount(1);
  });
}

test("a stream that is cut off keeps what arrived and says so", async ({ page, model }) => {
  model.breaksOff("long story", "One two three four five six seven eight nine ten.");
  await page.goto("/");
  await send(page, "Tell me a long story");

  await expect(alert(page)).toContainText(/broke in the middle of the answer/);
  await expect(thread(page)).toContainText("One two");
  await expect(stopButton(page)).toBeHidden();

  await page.reload();
  await expect(thread(page)).toContainText("One two");
  await expect(articles(page).first()).toContainText("Tell me a long story");
});
