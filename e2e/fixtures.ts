import { test as base, type Page } from "@playwright/test";
import { ScriptedModel } from "./model.ts";
import { authSecret, createPerson, type Person, signIn } from "./people.ts";
import { type Server, startServer } from "./server.ts";

interface WorkerFixtures {
  /** The scripted model server of this worker. */
  models: ScriptedModel;
  /** The product as `npm start` serves it, connected to that model. */
  server: Server;
}

interface TestFixtures {
  /** What the model will say; empty at the start of each test. */
  model: ScriptedModel;
  /** Alice, who has an account of her own in each test. */
  alice: Person;
  /** Alice's browser. */
  page: Page;
  /** Somebody else, in a browser of their own. */
  another: (name: string) => Promise<{ person: Person; page: Page }>;
  /** A browser in which nobody is signed in. */
  stranger: Page;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  models: [
    async ({}, use) => {
      const models = new ScriptedModel();
      await models.start();
      await use(models);
      await models.stop();
    },
    { scope: "worker" },
  ],
  server: [
    async ({ models }, use) => {
      const server = await startServer({
        AUTH_SECRET: authSecret,
        OPENAI_BASE_URL: models.url,
        OPENAI_API_KEY: "test-key",
        OPENAI_MODEL: "scripted",
      });
      await use(server);
      await server.stop();
    },
    { scope: "worker", timeout: 60_000 },
  ],
  model: async ({ models }, use) => {
    models.clear();
    await use(models);
  },
  baseURL: async ({ server }, use) => use(server.url),
  alice: async ({ server }, use) => use(await createPerson(server.dataDir, "Alice")),
  page: async ({ context, server, alice }, use) => {
    await signIn(context, server.url, alice);
    await use(await context.newPage());
  },
  another: async ({ browser, server }, use) => {
    const contexts: { close: () => Promise<void> }[] = [];
    await use(async (name) => {
      const context = await browser.newContext({ baseURL: server.url });
      contexts.push(context);
      const person = await createPerson(server.dataDir, name);
      await signIn(context, server.url, person);
      return { person, page: await context.newPage() };
    });
    for (const context of contexts) await context.close();
  },
  stranger: async ({ browser, server }, use) => {
    const context = await browser.newContext({ baseURL: server.url });
    await use(await context.newPage());
    await context.close();
  },
});

export { expect } from "@playwright/test";
