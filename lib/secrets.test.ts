import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { keptSecret } from "./secrets.ts";

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "switchboard-"));
});
afterEach(() => rmSync(parent, { recursive: true }));

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

test("a secret is made once, for its owner's eyes only", () => {
  const folder = join(parent, "data");
  const secret = keptSecret(folder);
  expect(Buffer.from(secret, "base64url")).toHaveLength(32);
  expect(keptSecret(folder)).toBe(secret);
  expect(modeOf(folder)).toBe("700");
  expect(modeOf(join(folder, "secret"))).toBe("600");
  expect(readdirSync(folder)).toEqual(["secret"]);
});

test("a secret that others could read is closed again", () => {
  const secret = keptSecret(parent);
  chmodSync(join(parent, "secret"), 0o644);
  expect(keptSecret(parent)).toBe(secret);
  expect(modeOf(join(parent, "secret"))).toBe("600");
});

test("processes that start at once agree on one secret and leave nothing else behind", async () => {
  const folder = join(parent, "data");
  const script = `import { keptSecret } from ${JSON.stringify(join(import.meta.dirname, "secrets.ts"))};
    process.stdout.write(keptSecret(${JSON.stringify(folder)}));`;
  const start = () => promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);
  const answers = await Promise.all(Array.from({ length: 6 }, start));
  const secret = readFileSync(join(folder, "secret"), "utf8").trim();
  expect(answers.map(({ stdout }) => stdout)).toEqual(Array.from({ length: 6 }, () => secret));
  expect(readdirSync(folder)).toEqual(["secret"]);
}, 30_000);
