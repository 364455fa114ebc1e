import { afterAll, beforeAll, describe, test } from "vitest";
import { testSession } from "./conformance/session.ts";
import { StoreSession } from "./session.ts";
import { allBackends } from "./testing/backends.ts";

const { backends, start, stop } = allBackends();

beforeAll(start);
afterAll(stop);

for (const { name, open, spoil } of backends) {
  describe(`a session in ${name}`, () => {
    let store: ReturnType<typeof open> | undefined;
    testSession({
      test,
      spoil,
      open: async (id, options) => {
        store ??= open();
        return new StoreSession({ ...options, store: await store, id });
      },
    });
  });
}
