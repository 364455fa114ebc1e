import type { Locator } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { beginConversation, composer, said, send, stopButton } from "./screen.ts";

const words = Array.from({ length: 40 }, (_, place) => `word${place}`).join(" ");

async function wordsIn(answer: Locator): Promise<string[]> {
  return (await answer.textContent())?.match(/word\d+/g) ?? [];
}

test("text arrives while it is written, and a reload in the middle loses nothing", async ({ page, model }) => {
  model.answers("warm up", "Ready.");
  model.answersSlowly("long story", words);
  await beginConversation(page, "Please warm up", "Ready.");

  await send(page, "Tell me a long story");
  const answer = said(page, "Assistant").last();
  await expect(answer).toContainText("word3");
  await expect(answer).not.toContainText("word39");
  await page.reload();

  await expect(stopButton(page)).toBeVisible();
  await expect(answer).toContainText("word0 word1 word2 word3");
  await expect(answer).toContainText("word39");
  await expect(stopButton(page)).toBeHidden();
  expect(await wordsIn(answer)).toHaveLength(40);
});

test("a second tab watches the same answer", async ({ page, context, model }) => {
  model.answers("warm up", "Ready.");
  model.answersSlowly("long story", words);
  const address = await beginConversation(page, "Please warm up", "Ready.");
  const other = await context.newPage();
  await other.goto(address);

  await send(page, "Tell me a long story");
  await expect(said(page, "Assistant").last()).toContainText("word2");
  await other.reload();

  await expect(stopButton(other)).toBeVisible();
  await expect(said(other, "Assistant").last()).toContainText("word39");
  await expect(said(page, "Assistant").last()).toContainText("word39");
});

test("stop ends the answer and keeps what was written", async ({ page, model }) => {
  model.answersSlowly("long story", words, 120);
  model.answers("short one", "Here it is.");
  await page.goto("/");
  await send(page, "Tell me a long story");
  const answer = said(page, "Assistant").first();
  await expect(answer).toContainText("word2");

  await stopButton(page).click();
  await expect(stopButton(page)).toBeHidden();
  const kept = await wordsIn(answer);
  expect(kept.length).toBeGreaterThanOrEqual(3);
  expect(kept.length).toBeLessThan(40);

  await page.reload();
  await expect(answer).toContainText("word0 word1 word2");
  await expect(answer).not.toContainText("word39");
  await send(page, "A short one then");
  await expect(said(page, "Assistant").last()).toContainText("Here it is.");
});

test("Escape stops as the button does", async ({ page, model }) => {
  model.answersSlowly("long story", words, 120);
  await page.goto("/");
  await send(page, "Tell me a long story");
  await expect(said(page, "Assistant")).toContainText("word1");

  await composer(page).press("Escape");

  await expect(stopButton(page)).toBeHidden();
  await expect(said(page, "Assistant")).not.toContainText("word39");
});

test("the composer stays usable while an answer is written", async ({ page, model }) => {
  model.answersSlowly("long story", words);
  await page.goto("/");
  await send(page, "Tell me a long story");
  await expect(stopButton(page)).toBeVisible();

  await composer(page).fill("My next thought");

  await expect(said(page, "Assistant")).toContainText("word39");
  await expect(composer(page)).toHaveValue("My next thought");
});
