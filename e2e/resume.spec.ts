import { setTimeout as pause } from "node:timers/promises";
import { test as base, expect } from "@playwright/test";
import { dice } from "./dice.ts";
import { authSecret, cookieOf, createPerson, signIn } from "./people.ts";
import { startCuttingProxy } from "./proxies.ts";
import { said, stopButton } from "./screen.ts";
import { type Server, startServer } from "./server.ts";
import { say } from "./turns.ts";
import { Viewer } from "./viewer.ts";
import { Visitor } from "./visitor.ts";
import { storyOf, tellStories, WildModel } from "./wild-model.ts";

const test = base.extend<object, { wild: { server: Server; model: WildModel } }>({
  wild: [
    async ({}, use) => {
      const model = new WildModel();
      await model.start();
      const server = await startServer({
        ...{ AUTH_SECRET: authSecret, OPENAI_BASE_URL: model.url },
        ...{ OPENAI_API_KEY: "test-key", OPENAI_MODEL: "wild" },
      });
      await use({ server, model });
      await server.stop();
      await model.stop();
    },
    { scope: "worker", timeout: 60_000 },
  ],
});

test.describe.configure({ mode: "default" });

test("twenty who reload at random points, cut off within a character, see the same as one who never did", async ({
  wild: { server, model },
}) => {
  const { seed, between } = dice();
  console.log(`SEED=${seed}`);
  tellStories(model, 25);
  const cookies = await cookieOf(await createPerson(server.dataDir, "Alice"));
  const visitor = new Visitor(server.url, cookies);
  const proxy = await startCuttingProxy(server.url, () => between(0, 9000));
  const { run } = await say(visitor, "Tell everybody", { agent: "technical" });

  const steady = new Viewer(server.url, cookies, run);
  const others = Array.from({ length: 20 }, () => new Viewer(proxy.url, cookies, run));
  const leaveAndComeBack = async (viewer: Viewer) => {
    await pause(between(0, 2500));
    const leave = new AbortController();
    const left = pause(between(0, 1500)).then(() => leave.abort());
    await viewer.connect(leave.signal);
    await left;
    await viewer.follow();
  };
  await Promise.all([steady.follow(), ...others.map(leaveAndComeBack)]);

  expect(steady.text).toBe(storyOf("everybody").flat().join(""));
  expect(steady.connections).toBe(1);
  for (const viewer of others) expect(viewer.events, `SEED=${seed}`).toEqual(steady.events);
  expect(proxy.cuts(), `SEED=${seed}`).toBeGreaterThan(0);
  await proxy.stop();
});

test("a browser whose line is cut within characters, and that reloads, shows the whole answer", async ({
  wild: { server, model },
  context,
}) => {
  const { seed, between } = dice();
  console.log(`SEED=${seed}`);
  tellStories(model, 100);
  const proxy = await startCuttingProxy(server.url);
  const person = await createPerson(server.dataDir, "Alice");
  await signIn(context, proxy.url, person);
  const turn = await say(new Visitor(server.url, await cookieOf(person)), "Tell somebody", { agent: "technical" });
  const page = await context.newPage();
  for (let reload = 0; reload < 2; reload++) {
    await page.goto(`${proxy.url}/c/${turn.conversation}`);
    await expect(said(page, "Technical").last()).toContainText("somebody.0.0");
    const before = proxy.cuts();
    proxy.cutStreams();
    await expect.poll(proxy.cuts).toBeGreaterThan(before);
    await pause(between(0, 500));
  }
  await expect(said(page, "Technical").last()).toContainText("somebody.2.24", { timeout: 20_000 });
  await expect(stopButton(page)).toBeHidden();
  const shown = (await said(page, "Technical").last().textContent()) ?? "";
  const pieces = storyOf("somebody")
    .flat()
    .map((piece) => piece.trim());
  expect(shown.match(/somebody\.\d+\.\d+ (?:word|größe|日本語|🙂🚀|слово)/gu), `SEED=${seed}`).toEqual(pieces);
  await proxy.stop();
});
