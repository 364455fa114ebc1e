import { afterAll, beforeAll, describe, test } from "vitest";
import { testSessionStore } from "./conformance/store.ts";
import { allBackends } from "./testing/backends.ts";

const { backends, start, stop } = allBackends();

beforeAll(start);
afterAll(stop);

for (const { name, open } of backends) {
  describe(`a store in ${name}`, () => testSessionStore({ test, open }));
}
