import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createClient } from "@libsql/client";
import { type Browser, chromium, expect } from "@playwright/test";
import { chromiumPath } from "./chromium.ts";
import { ScriptedModel } from "./model.ts";
import { authSecret, createPerson, type Person, signIn } from "./people.ts";
import { ask, chooseAgent, said, thread } from "./screen.ts";
import { startServer } from "./server.ts";

/** Draws the pictures of the README afresh: `node e2e/screenshots.ts`. */

const pictures = join(import.meta.dirname, "../public/screenshots");

const earlier: [namespace: string, agent: string, title: string, hoursAgo: number][] = [
  ["support", "Triage", "The app crashes on start-up", 3],
  ["support", "Triage", "Move invoices to the new company", 26],
  ["orders", "Shopping", "Headphones for under 100 euros", 5],
  ["orders", "Shopping", "Where order A-1043 is", 50],
  ["project", "Technical", "Which database for a food delivery app", 8],
  ["project", "Technical", "Read replicas and failover, explained", 74],
  ["general", "Assistant", "Bags made of recycled sailcloth", 170],
  ["general", "Assistant", "A toast for the wedding", 400],
];

const story = {
  first: "I was charged twice this month, and the app has been slow since the update.",
  triage:
    "Two things, then: a double charge and a slow app. The charge first, since money is involved. I am putting you through to Billing; Technical can pick up the rest in this same thread.",
  billing: [
    "There are two charges of **€12.00** on the same day. The second has no order behind it.",
    "| When | What | Reference | Amount |\n|---|---|---|---|\n| 19 Nov | Pro plan, monthly | `ch_1042` | €12.00 |\n| 19 Nov | Pro plan, monthly | `ch_1043` duplicate | €12.00 |",
    "Shall I have the second one refunded?",
  ].join("\n\n"),
  second: "Yes, refund the second one, please.",
  end: "Done: **€12.00** goes back to the card ending in 4021 within five days. Technical can look at the slowness next; choose it below, and it has read all of this.",
};

function script(model: ScriptedModel): void {
  for (const [, , title] of earlier) model.answers(title, "Here is what I know.");
  model.tells("charged twice", {
    before: story.triage,
    to: "Billing",
    tool: "list_charges",
    input: { days: 30 },
    after: story.billing,
  });
  model.answers("refund the second one", story.end);
}

async function fillSidebar(browser: Browser, url: string, dataDir: string, alice: Person): Promise<void> {
  const context = await browser.newContext({ baseURL: url });
  await signIn(context, url, alice);
  const page = await context.newPage();
  for (const [namespace, agent, title] of earlier) {
    await page.goto("/");
    await page.getByRole("combobox", { name: "Namespace" }).selectOption(namespace);
    await ask(page, title, "Here is what I know.", agent);
  }
  await context.close();
  const client = createClient({ url: `file:${join(dataDir, "switchboard.db")}`, timeout: 5000 });
  for (const [, , title, hoursAgo] of earlier) {
    const at = Date.now() - hoursAgo * 3_600_000;
    await client.execute({
      sql: "update conversations set active_at = ?, read_at = ? where title = ?",
      args: [at, Date.now(), title],
    });
  }
  client.close();
}

// The port on which people know Ollama, so that the pictures name a place that they know.
const model = new ScriptedModel(11_434);
await model.start();
script(model);
const server = await startServer({
  AUTH_SECRET: authSecret,
  OPENAI_BASE_URL: "http://localhost:11434/v1",
  OPENAI_MODEL: "qwen3",
});
const browser = await chromium.launch({ executablePath: chromiumPath() });
const alice = await createPerson(server.dataDir, "Alice");
await fillSidebar(browser, server.url, server.dataDir, alice);

const teller = await browser.newContext({ baseURL: server.url, viewport: { width: 1440, height: 960 } });
await signIn(teller, server.url, alice);
const page = await teller.newPage();
await page.goto("/");
await page.getByRole("combobox", { name: "Namespace" }).selectOption("support");
await chooseAgent(page, "Triage");
await ask(page, story.first, "Shall I have the second one refunded?", "Billing");
await ask(page, story.second, "goes back to the card", "Billing");
const address = new URL(page.url()).pathname;
await teller.close();

mkdirSync(pictures, { recursive: true });
const shots = [
  { name: "conversation-light", colorScheme: "light", width: 1440, height: 960 },
  { name: "conversation-dark", colorScheme: "dark", width: 1440, height: 960 },
  { name: "phone-light", colorScheme: "light", width: 390, height: 844 },
  { name: "phone-dark", colorScheme: "dark", width: 390, height: 844 },
] as const;
for (const { name, colorScheme, width, height } of shots) {
  const context = await browser.newContext({
    baseURL: server.url,
    viewport: { width, height },
    deviceScaleFactor: 2,
    colorScheme,
    reducedMotion: "reduce",
    hasTouch: width < 500,
    isMobile: width < 500,
  });
  await signIn(context, server.url, alice);
  const page = await context.newPage();
  await page.goto(address);
  await expect(thread(page).getByRole("table")).toBeAttached();
  await expect(said(page, "Billing").last()).toContainText("goes back to the card");
  await page.waitForLoadState("networkidle");
  await page.screenshot({ path: join(pictures, `${name}.png`) });
  await context.close();
}

await browser.close();
await server.stop();
await model.stop();
