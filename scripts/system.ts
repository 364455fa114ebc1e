// The browser and the server that the tests need and that npm cannot install.
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** The first that can be had: one that has no windows takes a tenth less time. */
export const browsers = ["chromium-headless-shell", "chromium"];
const programs = [browsers, ["redis-server"]];

/** The path of the first of these programs that is installed, by their order. */
export function findProgram(names: readonly string[]): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const missing = () => programs.filter((names) => !findProgram(names));

function runAptGet(args: string[]): boolean {
  const env: NodeJS.ProcessEnv = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return spawnSync("apt-get", args, { env, stdio: ["ignore", "ignore", "inherit"] }).status === 0;
}

/** Installs what is missing where it can; returns what to say to the person, or nothing when all is there. */
export function installPrograms(): string | undefined {
  const absent = missing();
  if (absent.length === 0) return undefined;
  if (process.getuid?.() === 0 && findProgram(["apt-get"])) {
    process.stdout.write(`Installing ${absent.map(([name]) => name).join(" and ")}.\n`);
    runAptGet(["update", "-qq"]);
    for (const names of absent)
      names.some((name) => runAptGet(["install", "-y", "-qq", "--no-install-recommends", name]));
  }
  const still = missing();
  if (still.length === 0) return undefined;
  const wanted = still.map((names) => names.join(" or ")).join(" and ");
  const packages = still.map((names) => names.at(-1)).join(" ");
  return `The tests need ${wanted} on the PATH. On Debian: sudo apt-get install ${packages}. Then run npm test again.`;
}
