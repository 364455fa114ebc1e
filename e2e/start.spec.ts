import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { freePort } from "../lib/sessions/testing/servers.ts";
import { launch, newDataDir, startServer } from "./server.ts";

/** Starts with an environment that must be refused; gives what was printed and the exit code. */
async function refusal(environment: Record<string, string>) {
  const { child, output } = launch({ PORT: String(await freePort()), ...environment });
  const [code] = await once(child, "close");
  return { code, printed: output() };
}

test("a start makes an owner-only data folder, says address and model, and a second one does not build", async () => {
  const dataDir = join(await newDataDir(), "data");
  const first = await startServer({ DATA_DIR: dataDir });
  expect(first.output()).toContain(`Switchboard answers on ${first.url}\nModel: `);
  for (const path of [dataDir, join(dataDir, "secret"), join(dataDir, "switchboard.db")]) {
    expect((await stat(path)).mode & 0o077, path).toBe(0);
  }
  await first.stop();

  const second = await startServer({ DATA_DIR: dataDir });
  expect(second.output()).not.toContain("Building");
  await second.stop();
  await rm(join(dataDir, ".."), { recursive: true });
});

test("a wrong value stops the start with one line that names it, and never shows a secret", async () => {
  const port = await refusal({ PORT: "80800" });
  expect(port).toEqual({ code: 1, printed: 'PORT is "80800"; expected a whole number from 1 to 65535.\n' });

  const secret = await refusal({ AUTH_SECRET: "hunter2" });
  expect(secret.code).toBe(1);
  expect(secret.printed).toMatch(/^AUTH_SECRET .*at least 16 characters.*\n$/);
  expect(secret.printed).not.toContain("hunter2");
});

test("a port that is taken is said in one line", async () => {
  const server = await startServer();
  const { code, printed } = await refusal({ PORT: new URL(server.url).port });
  expect(code).toBe(1);
  expect(printed).toMatch(/^Port \d+ is taken by another program\..*\n$/);
  await server.stop();
});

test("a database from a newer version is refused with a sentence and left alone", async () => {
  const dataDir = await newDataDir();
  const server = await startServer({ DATA_DIR: dataDir });
  await server.stop();
  const { createClient } = await import("@libsql/client");
  const client = createClient({ url: `file:${join(dataDir, "switchboard.db")}` });
  await client.execute("insert into application_migrations values ('9999_from_the_future', 0)");
  client.close();

  const { code, printed } = await refusal({ DATA_DIR: dataDir });
  expect(code).toBe(1);
  expect(printed).toMatch(/newer version/);
  await rm(dataDir, { recursive: true });
});

test("a server whose parent dies before it has looked ends too", async () => {
  const script = join(import.meta.dirname, "..", "scripts", "start.mjs");
  const dataDir = await newDataDir();
  const parent = `
    require("node:child_process").spawn(process.execPath, [${JSON.stringify(script)}], { stdio: "inherit" });
    process.kill(process.pid, "SIGKILL");`;
  const environment = { npm_lifecycle_event: "start", PORT: String(await freePort()), DATA_DIR: dataDir };
  const child = spawn(process.execPath, ["-e", parent], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let printed = "";
  child.stdout.on("data", (text) => (printed += text));
  // Its output is closed when nobody holds it any more.
  await once(child, "close");
  expect(printed).toBe("");
  await rm(dataDir, { recursive: true });
});
