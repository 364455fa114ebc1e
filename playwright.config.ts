import { defineConfig, devices } from "@playwright/test";
import { chromiumPath } from "./e2e/chromium.ts";

export default defineConfig({
  testDir: "e2e",
  globalSetup: "./e2e/build.ts",
  fullyParallel: true,
  forbidOnly: true,
  // A worker has a server, a model and a browser of its own: two fill two cores.
  workers: 2,
  retries: 0,
  // What hangs is found; how fast a machine is proves nothing.
  timeout: 90_000,
  expect: { timeout: 20_000 },
  reporter: "list",
  use: {
    ...devices["Desktop Chrome"],
    launchOptions: { executablePath: chromiumPath() },
    screenshot: "only-on-failure",
  },
});
