import { defineConfig } from "vitest/config";

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
          // next-auth imports parts of Next by names that only a bundler finds.
          server: { deps: { inline: ["next-auth"] } },
        },
      },
      {
        test: {
          name: "conformance",
          include: ["{lib,db,examples}/**/*.conformance.ts"],
          environment: "node",
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
