import { defineConfig } from "vitest/config";
import { variables } from "./env.ts";

const common = {
  environment: "node",
  // Nothing of what a developer has configured: an empty value counts as absent, and keeps a .env file from setting it.
  env: { ...Object.fromEntries(variables.map((name) => [name, ""])), LOG_LEVEL: "silent" },
  setupFiles: ["lib/testing/own-folder.ts"],
  // How fast a machine is proves nothing; what hangs is found all the same.
  testTimeout: 30_000,
  hookTimeout: 30_000,
  expect: { poll: { timeout: 20_000 } },
};

export default defineConfig({
  test: {
    // Many tests wait for servers and processes of theirs, so that two cores have room for three files at a time.
    maxWorkers: 3,
    projects: [
      {
        test: {
          ...common,
          name: "unit",
          include: ["{app,components,lib,db,scripts}/**/*.test.{ts,tsx}", "*.test.ts"],
          // next-auth imports parts of Next by names that only a bundler finds.
          server: { deps: { inline: ["next-auth"] } },
        },
      },
      {
        test: {
          ...common,
          name: "conformance",
          include: ["{lib,db,examples}/**/*.conformance.ts"],
          // They start servers and processes of their own.
          testTimeout: 180_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
