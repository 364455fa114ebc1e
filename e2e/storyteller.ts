import { test as base } from "./fixtures.ts";
import { authSecret } from "./people.ts";
import { type Server, startServer } from "./server.ts";
import { call, finish, nameIn, opened, refuse, WildModel, write } from "./wild-model.ts";

/** Half of a story is told at once; the other half when the test says so. */

const pieces = 20;
/** Between two pieces, in milliseconds. */
const gap = 25;

export const wordsOfStory = (name: string): string[] =>
  Array.from({ length: 2 * pieces }, (_, place) => `${name}.${place}`);
/** The last word of the first half, and of the story. */
export const middleOf = (name: string): string => `${name}.${pieces - 1}`;
export const endOf = (name: string): string => `${name}.${2 * pieces - 1}`;

export class Storyteller {
  readonly model = new WildModel();
  readonly #told = new Map<string, () => void>();
  readonly #mayEnd = new Map<string, Promise<void>>();

  constructor() {
    this.model.on("Tell ", async ({ text }, response) => {
      const name = nameIn(text);
      const words = wordsOfStory(name).map((word) => `${word} `);
      await write(opened(response), words.slice(0, pieces), gap);
      await this.#ending(name);
      await write(response, words.slice(pieces), gap);
      finish(response);
    });
    this.model.on("Say ", async ({ text }, response) => {
      await write(opened(response), [`This is ${/Say ([\w-]+)/.exec(text)?.[1]}.`]);
      finish(response);
    });
    this.model.on("Hand over ", async ({ text, results }, response) => {
      await write(opened(response), [results === 0 ? "One moment. " : "It is mine now."]);
      if (results > 0) return finish(response);
      await this.#ending(/over ([\w-]+)/.exec(text)?.[1] ?? "");
      call(response, "transfer_to_Billing", "{}");
    });
    this.model.on("Fail", (_asked, response) => refuse(response, 400, { message: "no", code: "no" }));
    this.model.on("Refund", async ({ results }, response) => {
      opened(response);
      if (results === 0) return call(response, "issue_refund", '{"charge":"ch_1043","reason":"charged twice"}');
      await write(response, ["Done."]);
      finish(response);
    });
  }

  /** Lets these stories be told to their end. */
  goOn(...names: string[]): void {
    for (const name of names) {
      void this.#ending(name);
      this.#told.get(name)?.();
    }
  }

  #ending(name: string): Promise<void> {
    const known = this.#mayEnd.get(name) ?? new Promise<void>((resolve) => this.#told.set(name, resolve));
    this.#mayEnd.set(name, known);
    return known;
  }
}

export const test = base.extend<object, { teller: Storyteller; server: Server }>({
  teller: [
    async ({}, use) => {
      const teller = new Storyteller();
      await teller.model.start();
      await use(teller);
      await teller.model.stop();
    },
    { scope: "worker" },
  ],
  server: [
    async ({ teller }, use) => {
      const server = await startServer({
        ...{ AUTH_SECRET: authSecret, OPENAI_BASE_URL: teller.model.url },
        ...{ OPENAI_API_KEY: "test-key", OPENAI_MODEL: "wild" },
      });
      await use(server);
      await server.stop();
    },
    { scope: "worker", timeout: 60_000 },
  ],
});

export { expect } from "@playwright/test";
