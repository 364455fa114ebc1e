import { type Browser, type CDPSession, chromium, type Page } from "@playwright/test";
import { chromiumPath } from "../e2e/chromium.ts";
import { writeConversation } from "../e2e/long-conversation.ts";
import { authSecret, cookieOf, createPerson, signIn } from "../e2e/people.ts";
import { articles, composer } from "../e2e/screen.ts";
import { startServer } from "../e2e/server.ts";
import { ask, textOf } from "./parts/browser.ts";
import { milliseconds, percentile, printTable } from "./parts/table.ts";
import { richTurn } from "./parts/turns.ts";

/**
 * What the length of a conversation costs whoever opens it: at the server, until the last message can be
 * seen, for each key in the composer, and in the browser's memory.
 */

const lengths = [100, 2_000, 10_000];
const opens = 9;
const requests = 30;
const typed = "Fifty characters are typed here, one after another";

interface Opened {
  length: number;
  address: string;
  last: string;
}

const server = await startServer({ AUTH_SECRET: authSecret });
const person = await createPerson(server.dataDir, "Alice");
const cookie = await cookieOf(person);
const browser = await chromium.launch({ executablePath: chromiumPath() });

const conversations: Opened[] = [];
for (const length of lengths) {
  const { address } = await writeConversation(server.dataDir, person, length, richTurn);
  conversations.push({ length, address, last: `Answer ${length / 2 - 1}.` });
}

/** The whole answer to a request for the page, and its size. */
async function askForPage(address: string): Promise<{ time: number; bytes: number }> {
  const began = performance.now();
  const html = await textOf(await ask({ url: server.url + address, headers: { cookie } }));
  return { time: performance.now() - began, bytes: Buffer.byteLength(html) };
}

async function newPage(chrome: Browser): Promise<{ page: Page; devtools: CDPSession }> {
  const context = await chrome.newContext({ baseURL: server.url, viewport: { width: 1440, height: 900 } });
  await signIn(context, server.url, person);
  const page = await context.newPage();
  return { page, devtools: await context.newCDPSession(page) };
}

/** In the page: when the last message has come into view, by the clock that starts with the request. */
const whenSeen = (words: string) =>
  new Promise<number>((resolve) => {
    const look = () => {
      const last = [...document.querySelectorAll('[role="log"] article')].at(-1);
      const place = last?.getBoundingClientRect();
      const seen = last?.textContent?.includes(words) && place && place.bottom > 0 && place.top < innerHeight;
      if (seen) resolve(performance.now());
      else requestAnimationFrame(look);
    };
    look();
  });

async function open(page: Page, { address, last }: Opened): Promise<number> {
  await page.goto("about:blank");
  await page.goto(address, { waitUntil: "commit" });
  return page.evaluate(whenSeen, last);
}

/** From each key to what is painted after it, as the browser itself times events (it tells in steps of 8 ms). */
async function typing(page: Page): Promise<number[]> {
  await composer(page).click();
  await page.evaluate(() => {
    const times: number[] = [];
    Object.assign(window, { keyTimes: times });
    const note = (list: PerformanceObserverEntryList) => {
      for (const entry of list.getEntries()) if (entry.name === "keydown") times.push(entry.duration);
    };
    new PerformanceObserver(note).observe({ type: "event", durationThreshold: 16 } as PerformanceObserverInit);
  });
  await page.keyboard.type(typed, { delay: 40 });
  await page.waitForTimeout(500);
  const slow = await page.evaluate(() => (window as unknown as { keyTimes: number[] }).keyTimes);
  // What took less than 16 ms is not told of.
  return [...slow, ...Array.from({ length: typed.length - slow.length }, () => 16)];
}

async function memory(devtools: CDPSession): Promise<{ heap: number; nodes: number }> {
  await devtools.send("HeapProfiler.collectGarbage");
  const { usedSize } = await devtools.send("Runtime.getHeapUsage");
  const { nodes } = await devtools.send("Memory.getDOMCounters");
  return { heap: usedSize, nodes };
}

/** Scrolls up until there is nothing earlier; how often, and what it held on to. */
async function toTheTop(page: Page): Promise<{ time: number; most: number }> {
  const began = performance.now();
  const most = await page.evaluate(async () => {
    const log = document.querySelector('[role="log"]');
    const box = log?.closest<HTMLElement>(".overflow-y-auto");
    let most = 0;
    while (box && log && !log.textContent?.includes("Question 0.")) {
      box.scrollTop = 0;
      most = Math.max(most, log.querySelectorAll("article").length);
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    return most;
  });
  return { time: performance.now() - began, most };
}

const kilobytes = (bytes: number) => `${(bytes / 1024).toFixed(0)} KB`;
const megabytes = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MB`;
const ratio = (value: number, first: number) => `${(value / first).toFixed(2)}x`;

interface Measured extends Opened {
  page: Page;
  devtools: CDPSession;
  asked: { time: number; bytes: number }[];
  seen: number[];
}

const all: Measured[] = [];
for (const conversation of conversations) {
  all.push({ ...conversation, ...(await newPage(browser)), asked: [], seen: [] });
}
for (const { page, ...conversation } of all) {
  await askForPage(conversation.address);
  await open(page, conversation);
}
// In turns, so that what else the machine does is the same for all of them.
for (let round = 0; round < requests; round += 1) {
  for (const { asked, address } of all) asked.push(await askForPage(address));
}
for (let round = 0; round < opens; round += 1) {
  for (const each of all) {
    await each.page.bringToFront();
    each.seen.push(await open(each.page, each));
    await each.page.goto("about:blank");
  }
}

const columns: string[][] = [];
let base: { server: number; visible: number; heap: number } | undefined;
for (const { page, devtools, asked, seen, ...conversation } of all) {
  await page.bringToFront();
  await open(page, conversation);
  await page.waitForTimeout(500);
  const keys = await typing(page);
  const opened = { ...(await memory(devtools)), drawn: await articles(page).count() };
  const top = await toTheTop(page);
  const keysAtTop = await typing(page);
  const atTop = await memory(devtools);
  await page.context().close();

  const serverTime = percentile(
    asked.map(({ time }) => time),
    0.5,
  );
  const visible = percentile(seen, 0.5);
  base ??= { server: serverTime, visible, heap: opened.heap };
  columns.push([
    `${conversation.length} messages`,
    `${milliseconds(serverTime)} (${ratio(serverTime, base.server)})`,
    kilobytes(asked[0]?.bytes ?? 0),
    `${milliseconds(visible)} (${ratio(visible, base.visible)})`,
    milliseconds(Math.max(...seen)),
    milliseconds(percentile(keys, 0.95)),
    milliseconds(Math.max(...keys)),
    `${megabytes(opened.heap)} (${ratio(opened.heap, base.heap)})`,
    String(opened.drawn),
    String(opened.nodes),
    milliseconds(top.time),
    String(top.most),
    milliseconds(Math.max(...keysAtTop)),
    megabytes(atTop.heap),
    String(atTop.nodes),
  ]);
}

const names = [
  "",
  "the page at the server, p50",
  "bytes of the page",
  "until the last message is seen, p50",
  "the slowest of them",
  "a key in the composer, p95 (16 ms or less)",
  "the slowest key",
  "JavaScript heap",
  "messages drawn",
  "nodes",
  "scrolling to the very top",
  "messages drawn at once, most",
  "the slowest key there",
  "heap there",
  "nodes there",
];
printTable(
  "thread: opening a long conversation in Chromium",
  names.map((name, row) => [name, ...columns.map((column) => column[row] ?? "")]),
);
await browser.close();
await server.stop();
