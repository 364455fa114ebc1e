import { gzipSync } from "node:zlib";
import { chromium, type Page } from "@playwright/test";
import { chromiumPath } from "../e2e/chromium.ts";
import { ScriptedModel } from "../e2e/model.ts";
import { authSecret, createPerson, signIn } from "../e2e/people.ts";
import { beginConversation } from "../e2e/screen.ts";
import { startServer } from "../e2e/server.ts";
import { printTable } from "./parts/table.ts";

/** How much JavaScript, gzipped, a browser has to load before the chat page works, and after. */

const model = new ScriptedModel();
await model.start();
model.answers("plain words", "Only plain words.");
model.answers("everything", "# All\n\n```ts\nconst a = 1;\n```\n\n$$x^2$$\n\n| a |\n|---|\n| 1 |");
const server = await startServer({ AUTH_SECRET: authSecret, OPENAI_BASE_URL: model.url, OPENAI_MODEL: "scripted" });
const browser = await chromium.launch({ executablePath: chromiumPath() });
const context = await browser.newContext({ baseURL: server.url });
await signIn(context, server.url, await createPerson(server.dataDir, "Alice"));

const kilobytes = (bytes: number) => `${(bytes / 1024).toFixed(1)} KB`;

/** Waits until nothing new has come for a second. The stream of news never ends, so the network never idles. */
async function atRest(page: Page, lastResponse: () => number): Promise<void> {
  await page.waitForLoadState("load");
  while (performance.now() - lastResponse() < 1_000) await page.waitForTimeout(100);
}

/** The scripts that the page itself names, and all that were loaded until the browser came to rest. */
async function scriptsOf(visit: (page: Page) => Promise<unknown>): Promise<{ named: number; loaded: number }> {
  const page = await context.newPage();
  const sizes = new Map<string, Promise<number>>();
  let last = performance.now();
  page.on("response", (response) => {
    last = performance.now();
    const { pathname } = new URL(response.url());
    if (pathname.endsWith(".js"))
      sizes.set(
        pathname,
        response.body().then((body) => gzipSync(body).length),
      );
  });
  await visit(page);
  await atRest(page, () => last);
  const html = await (await page.request.get(page.url())).text();
  const inPage = new Set([...html.matchAll(/<script[^>]+src="([^"?]+\.js)/g)].map((match) => match[1]));
  let named = 0;
  let loaded = 0;
  for (const [path, size] of sizes) {
    loaded += await size;
    if (inPage.has(path)) named += await size;
  }
  await page.close();
  return { named, loaded };
}

const setup = await context.newPage();
const plain = await beginConversation(setup, "In plain words", "Only plain words.");
const rich = await beginConversation(setup, "Show me everything", "All");
await setup.close();

const rows = [["page", "named in the page", "loaded when at rest"]];
for (const [name, path] of [
  ["a new conversation", "/"],
  ["a conversation of plain words", plain],
  ["one with code, math and a table", rich],
] as const) {
  const { named, loaded } = await scriptsOf((page) => page.goto(path));
  rows.push([name, kilobytes(named), kilobytes(loaded)]);
}
printTable("bundle: JavaScript of the chat page, gzipped", rows);

await browser.close();
await server.stop();
await model.stop();
