import { expect, test } from "@playwright/test";
import { freePort } from "../lib/sessions/testing/servers.ts";
import { authSecret, cookieOf, createPerson } from "./people.ts";
import { newDataDir, startServer } from "./server.ts";
import { isAnswer, itemsOf, say, sayAgain, wordsOf } from "./turns.ts";
import { Viewer } from "./viewer.ts";
import { Visitor } from "./visitor.ts";
import { storyOf, tellStories, WildModel } from "./wild-model.ts";

test("a server that is stopped ends its answers with all that was written, and the next one has nothing to wait for", async () => {
  const model = new WildModel();
  await model.start();
  tellStories(model, 20);
  const dataDir = await newDataDir();
  const port = String(await freePort());
  const start = () =>
    startServer({
      ...{ DATA_DIR: dataDir, PORT: port, AUTH_SECRET: authSecret },
      ...{ OPENAI_BASE_URL: model.url, OPENAI_API_KEY: "test-key", OPENAI_MODEL: "wild" },
    });
  let server = await start();
  const cookies = await cookieOf(await createPerson(dataDir, "Alice"));
  const visitor = new Visitor(server.url, cookies);

  const names = ["one", "two", "three"];
  const turns = await Promise.all(names.map((name) => say(visitor, `Tell ${name}`, { agent: "technical" })));
  const viewers = turns.map(({ run }) => new Viewer(server.url, cookies, run));
  const watching = viewers.map((viewer) => viewer.connect());
  await expect.poll(() => viewers.every(({ text }) => text !== "")).toBe(true);
  const began = performance.now();
  await server.stop();
  expect(performance.now() - began).toBeLessThan(5_000);

  // Who watched was told the end before the server went away.
  expect(await Promise.all(watching)).toEqual([true, true, true]);
  server = await start();
  await Promise.all(
    turns.map(async (turn, place) => {
      const { message, text } = viewers[place] ?? new Viewer("", "", "");
      expect(message.metadata?.status).toBe("interrupted");
      const items = await itemsOf(visitor, turn.conversation);
      expect(items.filter(isAnswer).map(wordsOf).join("")).toBe(text);
      const again = await sayAgain(visitor, turn);
      const viewer = new Viewer(server.url, cookies, again.run);
      await viewer.follow();
      const story = storyOf(names[place] ?? "").flat();
      expect(viewer.text).toBe(story.join(""));
    }),
  );
  await server.stop();
  await model.stop();
});
