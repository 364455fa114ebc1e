import { hkdfSync, randomBytes } from "node:crypto";
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { env } from "#env.ts";

// Actions and route handlers live in separate bundles of one process: they share through globalThis.
const shared = globalThis as typeof globalThis & { switchboardSecret?: string };

/** What this instance signs and encrypts with: AUTH_SECRET, or one that is made once and kept in DATA_DIR. */
export function instanceSecret(): string {
  shared.switchboardSecret ??= env.AUTH_SECRET ?? keptSecret(env.DATA_DIR);
  return shared.switchboardSecret;
}

/** A key for one purpose, derived from the instance's secret. 32 bytes. */
export function derivedKey(purpose: string): Buffer {
  return Buffer.from(hkdfSync("sha256", instanceSecret(), "switchboard", purpose, 32));
}

/** Reads the secret of a data folder, and makes it when there is none. Only its owner can read it. */
export function keptSecret(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, "secret");
  const secret = readSecret(file) ?? makeSecret(file);
  chmodSync(file, 0o600);
  return secret;
}

function readSecret(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** A link appears whole or not at all, and only once: of two processes that start together, the second reads the first's. */
function makeSecret(file: string): string {
  const draft = `${file}.${process.pid}.${randomBytes(6).toString("hex")}`;
  writeFileSync(draft, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600, flag: "wx" });
  try {
    linkSync(draft, file);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  } finally {
    rmSync(draft);
  }
  return readFileSync(file, "utf8").trim();
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
