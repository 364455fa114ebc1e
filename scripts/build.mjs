// Builds the product when its source differs from what the last build was made of.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { withLock } from "./lock.mjs";
import { root } from "./root.mjs";

const folders = ["app", "components", "lib", "db"];
const files =
  /^(env|instrumentation|instrumentation-client|proxy|mdx-components)\.tsx?$|^(next|postcss)\.config\.|^tsconfig\.json$|^package(-lock)?\.json$/;
const notBuilt = /\.(test\.tsx?|conformance\.ts|md)$/;
const stamp = join(root, ".next", "built-from");

function sourceFiles() {
  const nested = folders.flatMap((folder) =>
    existsSync(join(root, folder))
      ? readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => relative(root, join(entry.parentPath, entry.name)))
      : [],
  );
  const top = readdirSync(root).filter((name) => files.test(name));
  return [...top, ...nested].filter((path) => !notBuilt.test(path)).sort();
}

function fingerprint() {
  const hash = createHash("sha256");
  for (const path of sourceFiles())
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update("\0");
  return hash.digest("hex");
}

const isFresh = (source) =>
  existsSync(join(root, ".next", "BUILD_ID")) && existsSync(stamp) && readFileSync(stamp, "utf8") === source;

function runNextBuild() {
  return new Promise((resolve) => {
    let output = "";
    const child = spawn(process.execPath, [join(root, "node_modules/next/dist/bin/next"), "build"], {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
    });
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
    child.on("close", (code) => resolve({ code, output }));
  });
}

/** Returns nothing when the build is fresh or was made, else what the builder printed. */
export async function buildWhenStale() {
  if (isFresh(fingerprint())) return undefined;
  return withLock("build", async () => {
    const source = fingerprint();
    if (isFresh(source)) return undefined;
    process.stdout.write("Building. This takes about half a minute and happens when the source has changed.\n");
    rmSync(stamp, { force: true });
    const { code, output } = await runNextBuild();
    if (code !== 0) return output.trim() || `next build ended with ${code}`;
    mkdirSync(join(root, ".next"), { recursive: true });
    writeFileSync(stamp, source);
    return undefined;
  });
}
