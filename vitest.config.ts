import { defineConfig } from "vitest/config";

/** How fast a machine is proves nothing; what hangs is found all the same. */
const patience = { testTimeout: 30_000, hookTimeout: 30_000, expect: { poll: { timeout: 20_000 } } };

export default defineConfig({
  test: {
    // Many tests wait for servers and processes of theirs, so that two cores have room for three files at a time.
    maxWorkers: 3,
    projects: [
      {
        test: {
          name: "unit",
          include: ["{app,components,lib,db,scripts}/**/*.test.{ts,tsx}", "*.test.ts"],
          environment: "node",
          ...patience,
          // next-auth imports parts of Next by names that only a bundler finds.
          server: { deps: { inline: ["next-auth"] } },
        },
      },
      {
        test: {
          name: "conformance",
          include: ["{lib,db,examples}/**/*.conformance.ts"],
          environment: "node",
          ...patience,
          // They start servers and processes of their own.
          testTimeout: 180_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
