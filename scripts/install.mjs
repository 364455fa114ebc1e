// Installs the packages when some are missing or differ from package-lock.json.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { withLock } from "./lock.mjs";
import { root, stop } from "./root.mjs";

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8")).packages;
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** Optional packages may be absent (they are for one system each) but not out of date. */
function isComplete({ dev }) {
  const wanted = readPackages(join(root, "package-lock.json"));
  const found = readPackages(join(root, "node_modules", ".package-lock.json"));
  if (!wanted) stop("package-lock.json is missing. Clone the project again, or restore the file from its repository.");
  if (!found) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === "" || entry.link) return true;
    const installed = found[path];
    if (installed) return installed.version === entry.version;
    return Boolean(entry.optional || entry.devOptional || (entry.dev && !dev));
  });
}

function runNpm(args) {
  const cli = process.env.npm_execpath;
  const [command, ...first] = cli?.endsWith("npm-cli.js") ? [process.execPath, cli] : ["npm"];
  return new Promise((resolve) => {
    let output = "";
    const child = spawn(command, [...first, ...args], {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      shell: command === "npm" && process.platform === "win32",
    });
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
    child.on("error", (error) => resolve({ code: 1, output: `npm could not be started: ${error.message}` }));
    child.on("close", (code) => resolve({ code, output }));
  });
}

/** With `dev`, what only tests and development need is installed too, whatever NODE_ENV says. */
export async function installMissing({ dev }) {
  if (isComplete({ dev })) return;
  await withLock("install", async () => {
    if (isComplete({ dev })) return;
    process.stdout.write("Installing packages. This takes up to a minute and happens once.\n");
    const args = ["ci", "--no-audit", "--no-fund", "--loglevel=error", ...(dev ? ["--include=dev"] : [])];
    const { code, output } = await runNpm(args);
    if (code !== 0) {
      process.stderr.write(`${output.trim()}\n`);
      stop("The packages could not be installed. Look at the message above, then run the command again.");
    }
  });
}
