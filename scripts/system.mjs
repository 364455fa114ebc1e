// The browser and the server that the tests need and that npm cannot install.
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const programs = ["chromium", "redis-server"];

function isOnPath(program) {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const missing = () => programs.filter((program) => !isOnPath(program));

function runAptGet(args) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return spawnSync("apt-get", args, { env, stdio: ["ignore", "ignore", "inherit"] }).status === 0;
}

/** Installs what is missing where it can; returns what to say to the person, or nothing when all is there. */
export function installPrograms() {
  const absent = missing();
  if (absent.length === 0) return undefined;
  if (process.getuid?.() === 0 && isOnPath("apt-get")) {
    process.stdout.write(`Installing ${absent.join(" and ")}.\n`);
    runAptGet(["update", "-qq"]);
    runAptGet(["install", "-y", "-qq", "--no-install-recommends", ...absent]);
  }
  const still = missing();
  if (still.length === 0) return undefined;
  return `The tests need ${still.join(" and ")} on the PATH. On Debian: sudo apt-get install ${still.join(" ")}. Then run npm test again.`;
}
