// The environment as the product will see it: .env files as Next reads them, checked by env.ts.
import nextEnv from "@next/env";
import { root, stop } from "./root.mjs";

/** Loads the .env files and returns the checked values, or stops with the line that names the wrong one. */
export async function readEnvironment({ dev }) {
  nextEnv.loadEnvConfig(root, dev, { info: () => {}, error: (...words) => stop(words.join(" ")) });
  try {
    const { env } = await import("../env.ts");
    return env;
  } catch (error) {
    if (error.name === "EnvironmentError") stop(error.message);
    throw error;
  }
}
